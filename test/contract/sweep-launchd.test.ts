import { sweepSuite } from './sweep.ts';

sweepSuite('the fake launchd', 'launchd');
