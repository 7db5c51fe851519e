import { sweepSuite } from './sweep.ts';

sweepSuite('the fake systemd', 'systemd');
