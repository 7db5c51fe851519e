import { matrixOn } from './matrix.ts';

await matrixOn('bullseye');
