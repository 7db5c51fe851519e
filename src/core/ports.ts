import type { CivilDate } from '#core/dates.ts';
import type { Ulid } from '#core/ids.ts';

/** What the daemon asks of time. Zones are read afresh at each use. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** The day it is, in the zone of this machine, now. */
  today(): CivilDate;
  /** Epoch milliseconds at which a day begins in the zone of this machine. */
  midnightMs(date: CivilDate): number;
}

/** Makes a new, never used id. */
export type NewId = () => Ulid;
