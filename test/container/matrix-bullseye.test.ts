import { matrixOn } from './matrix.ts';

await matrixOn(
  'bullseye',
  "the artefact's SQLite needs glibc 2.34, and this target has 2.31: hephd ends with 78 and says so",
);
