import { escapingOn } from './escaping.ts';

await escapingOn('bullseye');
