/** However often it has failed, a feed is asked again after so many intervals. */
const BACK_OFF_MAX = 8;

/**
 * How long until the next look at a feed, in ms: never all machines at once, and
 * longer while it keeps failing.
 * @param intervalS as the settings have it.
 * @param failures looks that failed, one after the other.
 * @param chance from 0 to 1: where in the tenth before and after.
 */
export function pauseMs(intervalS: number, failures: number, chance: number): number {
  const jitter = 0.9 + chance * 0.2;
  return intervalS * 1000 * jitter * Math.min(2 ** failures, BACK_OFF_MAX);
}
