import { interleaveSuite } from './interleave.ts';

interleaveSuite('the fake systemd', 'systemd');
