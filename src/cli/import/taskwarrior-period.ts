import { addDays, addMonths, type CivilDate } from '#core/dates.ts';

/** Every so many days, weeks, months or years; or each day that is no weekend. */
export type Period = [count: number, frequency: Frequency | 'WEEKDAYS'];
type Frequency = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';

/**
 * How often Taskwarrior repeats a task; null where days cannot say it (hours,
 * or two units at once).
 * @param text `weekly`, `3days`, `P1M`.
 */
export function periodOf(text: string): Period | null {
  const words = text.trim().toLowerCase();
  const named = NAMED.get(words);
  if (named) return named;
  const iso = /^p(\d+)([dwmy])$/.exec(words);
  const counted = iso ?? /^(\d*)\s*([a-z]+)$/.exec(words);
  const unit = (iso ? ISO_UNITS : UNITS).get(counted?.[2] ?? '');
  const count = Number(counted?.[1] || 1) * (unit?.[0] ?? 0);
  return unit === undefined || count < 1 || count > COUNT_MAX ? null : [count, unit[1]];
}

/** A period as an RRULE. */
export function ruleOf([count, frequency]: Period): string {
  if (frequency === 'WEEKDAYS') return 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR';
  return count === 1 ? `FREQ=${frequency}` : `FREQ=${frequency};INTERVAL=${count}`;
}

/** The day so many periods later. Months count from the first day, so that the 31st is not forgotten. */
export function periodsLater(day: CivilDate, [count, frequency]: Period, times: number): CivilDate {
  switch (frequency) {
    case 'DAILY':
      return addDays(day, count * times);
    case 'WEEKLY':
      return addDays(day, 7 * count * times);
    case 'MONTHLY':
      return addMonths(day, count * times);
    case 'YEARLY':
      return addMonths(day, 12 * count * times);
    case 'WEEKDAYS': {
      let later = day;
      for (let left = times; left > 0;) {
        later = addDays(later, 1);
        const weekday = new Date(`${later}T00:00:00Z`).getUTCDay();
        if (weekday > 0 && weekday < 6) left--;
      }
      return later;
    }
  }
}

const COUNT_MAX = 9999;

const NAMED = new Map<string, Period>([
  ['weekdays', [1, 'WEEKDAYS']],
  ['daily', [1, 'DAILY']],
  ['weekly', [1, 'WEEKLY']],
  ['sennight', [1, 'WEEKLY']],
  ['biweekly', [2, 'WEEKLY']],
  ['fortnight', [2, 'WEEKLY']],
  ['monthly', [1, 'MONTHLY']],
  ['bimonthly', [2, 'MONTHLY']],
  ['quarterly', [3, 'MONTHLY']],
  ['semiannual', [6, 'MONTHLY']],
  ['annual', [1, 'YEARLY']],
  ['yearly', [1, 'YEARLY']],
  ['biannual', [2, 'YEARLY']],
  ['biyearly', [2, 'YEARLY']],
]);

const UNITS = new Map<string, Period>([
  ...units(1, 'DAILY', 'd da day days'),
  ...units(1, 'WEEKLY', 'w wk wks week weeks'),
  ...units(1, 'MONTHLY', 'mo mos mth mths month months'),
  ...units(3, 'MONTHLY', 'q qtr qtrs qrtr qrtrs quarter quarters'),
  ...units(1, 'YEARLY', 'y yr yrs year years'),
]);

/** In `P1M`, where `m` alone is none of the others. */
const ISO_UNITS = new Map<string, Period>([...UNITS, ...units(1, 'MONTHLY', 'm')]);

function units(count: number, frequency: Frequency, words: string): [string, Period][] {
  return words.split(' ').map((word) => [word, [count, frequency]]);
}
