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

/**
 * The first day a recurrence falls on that is later than `after`, or null when
 * there is none up to the year 9999. Answers for rules that never come, too.
 * @param rrule as `parseRecurrence` gives it.
 * @param start the day the rule begins. It counts as an occurrence only where
 *   the rule says so.
 */
export type NextOccurrence = (
  rrule: string,
  start: CivilDate,
  after: CivilDate,
) => CivilDate | null;
