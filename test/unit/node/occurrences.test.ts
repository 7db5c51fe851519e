import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, daysBetween, parts } from '#core/dates.ts';
import { describeRecurrence } from '#core/recurrence-english.ts';
import { parseRecurrence, rollForward } from '#core/recurrence.ts';
import { RECUR_FROM } from '#core/task.ts';
import { loadOccurrences } from '#node/occurrences.ts';

const next = await loadOccurrences();

describe('the first occurrence after a day', () => {
  test.each([
    // rule, start, after, next
    ['FREQ=DAILY', '2026-11-20', '2026-11-19', '2026-11-20'],
    ['FREQ=DAILY', '2026-11-20', '2026-11-20', '2026-11-21'],
    ['FREQ=DAILY', '1700-01-01', '2026-11-20', '2026-11-21'],
    ['FREQ=DAILY;UNTIL=20261121', '2026-11-20', '2026-11-20', '2026-11-21'],
    ['FREQ=DAILY;UNTIL=20261121', '2026-11-20', '2026-11-21', null],
    ['FREQ=DAILY;COUNT=2', '2026-11-20', '2026-11-20', '2026-11-21'],
    ['FREQ=DAILY;COUNT=2', '2026-11-20', '2026-11-21', null],
    // The day it begins is none where the rule does not say so.
    ['FREQ=WEEKLY;BYDAY=MO', '2026-11-20', '2026-11-19', '2026-11-23'],
    // The same rule in weeks that begin on Monday, and on Sunday: RFC 5545's own example.
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU', '1997-08-05', '1997-08-05', '1997-08-10'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU', '1997-08-05', '1997-08-05', '1997-08-17'],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', '2028-01-31', '2028-01-31', '2028-02-29'],
    ['FREQ=MONTHLY;BYMONTHDAY=31', '2026-01-31', '2026-01-31', '2026-03-31'],
    ['FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1', '2026-01-31', '2026-01-31', '2026-02-28'],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', '2026-01-01', '2026-01-30', '2026-02-27'],
    ['FREQ=MONTHLY;BYDAY=5FR', '2026-01-01', '2026-01-30', '2026-05-29'],
    ['FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR', '2026-01-01', '2026-03-13', '2026-11-13'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', '2026-01-01', '2026-01-01', '2028-02-29'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', '2096-02-29', '2096-02-29', '2104-02-29'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU', '2026-01-01', '2032-03-01', '2060-02-29'],
    ['FREQ=YEARLY;BYYEARDAY=366', '2026-01-01', '2026-01-01', '2028-12-31'],
    ['FREQ=YEARLY;BYYEARDAY=-1', '2026-01-01', '2026-01-01', '2026-12-31'],
    ['FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO', '2026-01-01', '2026-12-31', '2032-12-27'],
    ['FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO', '2026-01-01', '2026-01-01', '2027-01-04'],
    ['FREQ=WEEKLY', '2026-11-20', '9999-12-25', '9999-12-31'],
    ['FREQ=DAILY', '2026-11-20', '9999-12-31', null],
    ['FREQ=DAILY;INTERVAL=9999', '9999-12-01', '9999-12-01', null],
    ['FREQ=YEARLY;INTERVAL=9999', '2026-11-20', '2026-11-20', null],
  ])('%s from %s, after %s', (rrule, start, after, expected) => {
    expect(next(rrule, start, after)).toBe(expected);
  });

  test.each([
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31',
    'FREQ=YEARLY;INTERVAL=2;BYYEARDAY=366',
    'FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31',
    'FREQ=MONTHLY;INTERVAL=12;BYMONTH=3;BYMONTHDAY=1',
    'FREQ=MONTHLY;BYMONTHDAY=10;BYDAY=1MO',
    'FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2',
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31',
    'FREQ=DAILY;INTERVAL=7;BYDAY=MO',
  ])('%s never comes, and that is found out', (rrule) => {
    const start = '2027-02-10';
    expect(parseRecurrence(rrule, 'schedule', start)).toBe(rrule);
    expect(next(rrule, start, start)).toBeNull();
  });

  test('what is no rule is an error', () => {
    expect(() => next('FREQ=SOMETIMES', '2026-11-20', '2026-11-20')).toThrow('FREQ');
  });

  test('the zone of the process makes no difference', () => {
    const zone = process.env['TZ'];
    try {
      for (const each of [
        'Pacific/Kiritimati',
        'America/St_Johns',
        'Europe/Berlin',
        'Pacific/Pago_Pago',
      ]) {
        process.env['TZ'] = each;
        for (const day of ['2026-03-07', '2026-03-28', '2026-10-24', '2026-10-31', '2011-12-29']) {
          expect(next('FREQ=DAILY', day, day)).toBe(addDays(day, 1));
        }
      }
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });
});

const dates = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('1990-01-01', days));
const froms = fc.constantFrom(...RECUR_FROM);
const weekdays = fc.subarray(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], { minLength: 1 });
const monthDays = fc.uniqueArray(fc.constantFrom(1, 2, 15, 28, 29, 30, 31, -1, -2, -31), {
  minLength: 1,
  maxLength: 4,
});

/** By step, weekday and day of the month: what the oracle below knows. */
interface SimpleRule {
  freq: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';
  interval: number;
  byDay: string[];
  byMonthDay: number[];
}

const simpleRules: fc.Arbitrary<SimpleRule> = fc
  .record({
    freq: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
    interval: fc.integer({ min: 1, max: 5 }),
    byDay: fc.option(weekdays, { nil: [] }),
    byMonthDay: fc.option(monthDays, { nil: [] }),
  })
  .map((rule) => (rule.freq === 'WEEKLY' ? { ...rule, byMonthDay: [] } : rule));

const phrases = fc.oneof(
  fc.constantFrom(
    'daily',
    'weekly',
    'monthly',
    'quarterly',
    'yearly',
    'weekdays',
    'weekends',
    'every 3 days',
    'every other month',
    'every mon, wed and fri',
    'every 2 weeks on tue',
    'monthly on the 31st',
    'monthly on the last day',
    'every 1st',
    'every last friday',
    'every 24 dec',
    'every 29 feb',
    'every 2 years on the first sunday of may',
  ),
  simpleRules.map(written),
);
const ends = fc.constantFrom('', ' until 2060-01-01', ' 5 times');
const recurrences = fc.tuple(phrases, ends, froms, dates).map(([words, end, recurFrom, said]) => ({
  recurFrom,
  said,
  recurrence:
    parseRecurrence(words.startsWith('FREQ') ? words : words + end, recurFrom, said) ?? '',
}));

describe('any recurrence', () => {
  test('said in English is the same recurrence', () => {
    fc.assert(
      fc.property(recurrences, ({ recurrence, recurFrom, said }) => {
        const words = describeRecurrence(recurrence);
        expect(parseRecurrence(words, recurFrom, said)).toBe(recurrence);
      }),
    );
  });

  test('goes to a day after both its own and today, and its dates keep their distance', () => {
    const tasks = fc.record({ doOn: dates, late: fc.integer({ min: -9, max: 99 }), today: dates });
    fc.assert(
      fc.property(recurrences, tasks, ({ recurrence, recurFrom }, { doOn, late, today }) => {
        const task = { recurrence, recurFrom, doOn, lateFrom: addDays(doOn, late) };
        const to = rollForward(task, today, next);
        if (to === null) return;
        expect((to.doOn ?? '') > doOn && (to.doOn ?? '') > today).toBe(true);
        expect(daysBetween(to.doOn ?? '', to.lateFrom ?? '')).toBe(late);
      }),
    );
  });

  test('done later never goes to an earlier day', () => {
    const days = fc.record({ doOn: dates, after: fc.nat(3000), more: fc.nat(3000) });
    // Counted from when it is done, an interval with days of its own begins anew each day.
    const monotone = recurrences.filter(
      ({ recurrence, recurFrom }) => recurFrom === 'schedule' || !/INTERVAL.*BY/.test(recurrence),
    );
    fc.assert(
      fc.property(monotone, days, ({ recurrence, recurFrom }, { doOn, after, more }) => {
        const [sooner, later] = [after, after + more].map((late) => {
          const task = { recurrence, recurFrom, doOn, lateFrom: null };
          return rollForward(task, addDays(doOn, late), next)?.doOn;
        });
        // What has come to its end stays there.
        if (later) expect(sooner && sooner <= later).toBe(true);
      }),
    );
  });
});

test('the library agrees with a calendar read day by day', () => {
  fc.assert(
    fc.property(simpleRules, dates, fc.integer({ min: -1, max: 1000 }), (rule, start, days) => {
      const after = addDays(start, days);
      const until = addDays(after, 366 * 12);
      const found = next(written(rule), start, after);
      const expected = firstAfter(rule, start, after, until);
      expect(found !== null && found <= until ? found : null).toBe(expected);
    }),
    { numRuns: 300 },
  );
});

function written({ freq, interval, byDay, byMonthDay }: SimpleRule): string {
  return [
    `FREQ=${freq};INTERVAL=${interval}`,
    ...(byDay.length ? [`BYDAY=${byDay.join(',')}`] : []),
    ...(byMonthDay.length ? [`BYMONTHDAY=${byMonthDay.join(',')}`] : []),
  ].join(';');
}

/** RFC 5545, as simply as it can be said: is this day in a period that counts, and does it match? */
function firstAfter(rule: SimpleRule, start: string, after: string, until: string): string | null {
  const first = after < start ? start : addDays(after, 1);
  for (let day = first; day <= until; day = addDays(day, 1)) {
    if (period(rule, start, day) % rule.interval === 0 && matches(rule, start, day)) return day;
  }
  return null;
}

function period({ freq }: SimpleRule, start: string, day: string): number {
  const [from, to] = [parts(start), parts(day)];
  if (freq === 'DAILY') return daysBetween(start, day);
  if (freq === 'WEEKLY') return (daysBetween(start, day) + weekday(start) - weekday(day)) / 7;
  const months = (to.year - from.year) * 12 + to.month - from.month;
  return freq === 'MONTHLY' ? months : to.year - from.year;
}

function matches({ freq, byDay, byMonthDay }: SimpleRule, start: string, date: string): boolean {
  const { year, month, day } = parts(date);
  const fromEnd = day - new Date(Date.UTC(year, month, 0)).getUTCDate() - 1;
  const names = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
  if (byDay.length && !byDay.includes(names[weekday(date)] ?? '')) return false;
  if (byMonthDay.length && !byMonthDay.some((each) => each === day || each === fromEnd))
    return false;
  if (byDay.length || byMonthDay.length || freq === 'DAILY') return true;
  if (freq === 'WEEKLY') return weekday(start) === weekday(date);
  return parts(start).day === day && (freq === 'MONTHLY' || parts(start).month === month);
}

/** Monday is 0. */
function weekday(date: string): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
}
