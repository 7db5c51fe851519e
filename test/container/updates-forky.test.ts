import { updatesOn } from './updates.ts';

await updatesOn('forky');
