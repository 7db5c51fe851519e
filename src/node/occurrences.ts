import type { RRuleTemporal } from 'rrule-temporal';
import type { NextOccurrence } from '#core/ports.ts';

/**
 * How many days, weeks, months or years in a row may hold no occurrence. The
 * calendar repeats after 400 years: what a rule of months or years has not met
 * by then never comes. Days and weeks are bounded by what they cost.
 */
const MOST_EMPTY: Record<string, number> = {
  DAILY: 10_000,
  WEEKLY: 2000,
  MONTHLY: 4800,
  YEARLY: 400,
};

/** What the library throws at its bounds: nothing more was found. */
const BOUNDS = /^(Maximum|Out-of-bounds date)/;

/**
 * Occurrences by rrule-temporal, which brings its own Temporal. Reading that
 * takes longer than anything else at start, so it is read when this is called.
 */
export async function loadOccurrences(): Promise<NextOccurrence> {
  const library = await import('rrule-temporal');
  return (rrule, start, after) => {
    const dtstart = `DTSTART;VALUE=DATE:${start.replaceAll('-', '')}`;
    const freq = /FREQ=(\w+)/.exec(rrule)?.[1] ?? '';
    const rule = new library.RRuleTemporal({
      rruleString: `${dtstart}\nRRULE:${rrule}`,
      maxIterations: MOST_EMPTY[freq] ?? 0,
      cache: false,
    });
    return later(rule, after);
  };
}

/** All in UTC, where each day has a midnight and is told by its first ten characters. */
function later(rule: RRuleTemporal, after: string): string | null {
  try {
    const date = rule.next(new Date(`${after}T00:00:00Z`))?.toString() ?? '';
    return /^\d{4}-/.test(date) ? date.slice(0, 10) : null;
  } catch (error) {
    if (error instanceof Error && BOUNDS.test(error.message)) return null;
    throw error;
  }
}
