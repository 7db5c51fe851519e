import { clients } from './clients.ts';
import { killed, powerCut } from './crash.ts';
import { diskFaults } from './disk-faults.ts';
import { jumpingClock, noDescriptors, suspended } from './hardship.ts';
import { noMemory } from './hunger.ts';
import { protocolFuzz } from './protocol-fuzz.ts';
import { textFuzz } from './text-fuzz.ts';
import type { Trial } from './trial.ts';

/** All there are, in the order in which they are run. */
export const TRIALS: readonly Trial[] = [
  killed,
  powerCut,
  diskFaults,
  protocolFuzz,
  textFuzz,
  clients,
  jumpingClock,
  suspended,
  noDescriptors,
  noMemory,
];
