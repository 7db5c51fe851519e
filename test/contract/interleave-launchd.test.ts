import { interleaveSuite } from './interleave.ts';

interleaveSuite('the fake launchd', 'launchd');
