import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeRecurrence } from '#core/recurrence-english.ts';
import { parseRecurrence } from '#core/recurrence.ts';

/** A Friday. */
const ANCHOR = '2026-11-20';

describe('words that mean the same from the schedule and from when it is done', () => {
  test.each([
    ['daily', 'FREQ=DAILY'],
    ['every day', 'FREQ=DAILY'],
    ['  Every   3 Days ', 'FREQ=DAILY;INTERVAL=3'],
    ['every other day', 'FREQ=DAILY;INTERVAL=2'],
    ['weekdays', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'],
    ['every weekday', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'],
    ['weekends', 'FREQ=WEEKLY;BYDAY=SA,SU'],
    ['every other weekend', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU'],
    ['every fri', 'FREQ=WEEKLY;BYDAY=FR'],
    ['every fridays', 'FREQ=WEEKLY;BYDAY=FR'],
    ['every other tuesday', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU'],
    ['every wed, mon and fri', 'FREQ=WEEKLY;BYDAY=MO,WE,FR'],
    ['every mon, wed, and fri', 'FREQ=WEEKLY;BYDAY=MO,WE,FR'],
    ['every monday and thursday', 'FREQ=WEEKLY;BYDAY=MO,TH'],
    ['every 2 weeks on tue', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU'],
    ['fortnightly on tue', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU'],
    ['weekly on weekdays', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'],
    ['monthly on the 15th', 'FREQ=MONTHLY;BYMONTHDAY=15'],
    ['every month on the 1st and 15th', 'FREQ=MONTHLY;BYMONTHDAY=1,15'],
    ['every month on the last day', 'FREQ=MONTHLY;BYMONTHDAY=-1'],
    ['every last day of the month', 'FREQ=MONTHLY;BYMONTHDAY=-1'],
    ['monthly on the 31st', 'FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1'],
    ['quarterly on the 1st', 'FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1'],
    ['every 1st', 'FREQ=MONTHLY;BYMONTHDAY=1'],
    ['every 2nd', 'FREQ=MONTHLY;BYMONTHDAY=2'],
    ['every first monday', 'FREQ=MONTHLY;BYDAY=1MO'],
    ['every last friday', 'FREQ=MONTHLY;BYDAY=-1FR'],
    ['every last friday of the month', 'FREQ=MONTHLY;BYDAY=-1FR'],
    ['every second friday of the month', 'FREQ=MONTHLY;BYDAY=2FR'],
    ['every month on the 2nd friday', 'FREQ=MONTHLY;BYDAY=2FR'],
    ['every month on the last fri and first mon', 'FREQ=MONTHLY;BYDAY=1MO,-1FR'],
    ['every 24 dec', 'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24'],
    ['every december 24th', 'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24'],
    ['every 2nd january', 'FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=2'],
    ['yearly on 24 dec', 'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24'],
    ['every 2 years on the 24th dec', 'FREQ=YEARLY;INTERVAL=2;BYMONTH=12;BYMONTHDAY=24'],
    ['every 29 feb', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1'],
    ['yearly on the second sunday of may', 'FREQ=YEARLY;BYMONTH=5;BYDAY=2SU'],
    ['daily until 2027-01-01', 'FREQ=DAILY;UNTIL=20270101'],
    ['every fri, until 2027-01-01', 'FREQ=WEEKLY;BYDAY=FR;UNTIL=20270101'],
    ['daily 5 times', 'FREQ=DAILY;COUNT=5'],
    ['every mon for 1 time', 'FREQ=WEEKLY;BYDAY=MO;COUNT=1'],
    ['rrule:freq=weekly;byday=fr,mo', 'FREQ=WEEKLY;BYDAY=MO,FR'],
    ['BYDAY=+1MO;FREQ=MONTHLY;INTERVAL=1;WKST=MO', 'FREQ=MONTHLY;BYDAY=1MO'],
    ['FREQ=WEEKLY;WKST=SU;BYDAY=SU,SU;COUNT=3', 'FREQ=WEEKLY;BYDAY=SU;WKST=SU;COUNT=3'],
    ['FREQ=DAILY;UNTIL=20270101T235959Z', 'FREQ=DAILY;UNTIL=20270101'],
    ['FREQ=MONTHLY;BYMONTHDAY=-1,15', 'FREQ=MONTHLY;BYMONTHDAY=15,-1'],
    ['FREQ=YEARLY;BYYEARDAY=-1,100', 'FREQ=YEARLY;BYYEARDAY=100,-1'],
    ['FREQ=YEARLY;BYWEEKNO=20', 'FREQ=YEARLY;BYWEEKNO=20;BYDAY=FR'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31'],
  ])('%j is %s', (words, rrule) => {
    expect(parseRecurrence(words, 'schedule', ANCHOR)).toBe(rrule);
    expect(parseRecurrence(words, 'done', ANCHOR)).toBe(rrule);
  });
});

describe('words that leave the day open', () => {
  test.each([
    ['weekly', ANCHOR, 'FREQ=WEEKLY;BYDAY=FR', 'FREQ=WEEKLY'],
    ['FREQ=WEEKLY', ANCHOR, 'FREQ=WEEKLY;BYDAY=FR', 'FREQ=WEEKLY'],
    ['every week', '2026-11-22', 'FREQ=WEEKLY;BYDAY=SU', 'FREQ=WEEKLY'],
    ['every week', '1999-11-22', 'FREQ=WEEKLY;BYDAY=MO', 'FREQ=WEEKLY'],
    ['biweekly', ANCHOR, 'FREQ=WEEKLY;INTERVAL=2;BYDAY=FR', 'FREQ=WEEKLY;INTERVAL=2'],
    ['every other week', ANCHOR, 'FREQ=WEEKLY;INTERVAL=2;BYDAY=FR', 'FREQ=WEEKLY;INTERVAL=2'],
    ['monthly', '2026-11-15', 'FREQ=MONTHLY;BYMONTHDAY=15', 'FREQ=MONTHLY'],
    ['monthly', '2026-11-28', 'FREQ=MONTHLY;BYMONTHDAY=28', 'FREQ=MONTHLY'],
    ['monthly', '2026-11-29', 'FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1', 'FREQ=MONTHLY'],
    ['monthly', '2026-11-30', 'FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1', 'FREQ=MONTHLY'],
    ['monthly', '2026-12-31', 'FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1', 'FREQ=MONTHLY'],
    ['quarterly', ANCHOR, 'FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=20', 'FREQ=MONTHLY;INTERVAL=3'],
    ['annually', '2026-12-24', 'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24', 'FREQ=YEARLY'],
    ['yearly', '2028-02-29', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1', 'FREQ=YEARLY'],
    ['yearly', '2027-02-28', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28', 'FREQ=YEARLY'],
    [
      'FREQ=YEARLY;BYMONTH=3,9',
      ANCHOR,
      'FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=20',
      'FREQ=YEARLY;BYMONTH=3,9',
    ],
  ])('%j on %s is %s, and %s once done', (words, anchor, scheduled, done) => {
    expect(parseRecurrence(words, 'schedule', anchor)).toBe(scheduled);
    expect(parseRecurrence(words, 'done', anchor)).toBe(done);
  });
});

describe('words that are none', () => {
  test.each([
    '',
    'none',
    'sometimes',
    'every',
    'every 0 days',
    'every -1 days',
    'every 99999 days',
    'every 9999 quarters',
    'every constructor',
    'constructor',
    'every constructor monday',
    'every toString',
    'every second friday',
    'every other weekday',
    'every other 1st',
    'every day on monday',
    'every week on the 1st',
    'every month on friday',
    'every 32nd',
    'every 31 feb',
    'every 31 april',
    'every 1st and 31st',
    'every mon and 1st',
    'daily until 2027-02-30',
    'daily until tomorrow',
    'daily 0 times',
    'daily 1000 times',
    'FREQ=HOURLY',
    'FREQ=',
    'BYDAY=MO',
    'FREQ=DAILY;',
    'FREQ=DAILY;FREQ=WEEKLY',
    'FREQ=DAILY;INTERVAL=0',
    'FREQ=DAILY;INTERVAL=1.5',
    'FREQ=DAILY;INTERVAL=10000',
    'FREQ=DAILY;COUNT=0',
    'FREQ=DAILY;COUNT=1000',
    'FREQ=DAILY;COUNT=2;UNTIL=20270101',
    'FREQ=DAILY;UNTIL=20270230',
    'FREQ=DAILY;UNTIL=2027-01-01',
    'FREQ=DAILY;BYHOUR=9',
    'FREQ=DAILY;X-WHAT=1',
    'FREQ=DAILY;CONSTRUCTOR=1',
    'FREQ=DAILY;BYDAY=1MO',
    'FREQ=DAILY;BYMONTH=13',
    'FREQ=DAILY;BYMONTH=1,',
    'FREQ=DAILY;BYSETPOS=1',
    'FREQ=WEEKLY;BYMONTHDAY=1',
    'FREQ=WEEKLY;BYDAY=XX',
    'FREQ=WEEKLY;WKST=XX',
    'FREQ=MONTHLY;BYDAY=6MO',
    'FREQ=MONTHLY;BYMONTHDAY=0',
    'FREQ=MONTHLY;BYMONTHDAY=32',
    'FREQ=MONTHLY;BYWEEKNO=1',
    'FREQ=YEARLY;BYDAY=1MO,TU',
    'FREQ=YEARLY;BYDAY=54MO',
    'FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO',
    'FREQ=YEARLY;BYYEARDAY=1;BYDAY=MO',
    'FREQ=YEARLY;BYYEARDAY=367',
    `FREQ=DAILY;BYMONTHDAY=${'1,'.repeat(300)}1`,
  ])('%j', (words) => {
    expect(parseRecurrence(words, 'schedule', ANCHOR)).toBeNull();
    expect(parseRecurrence(words, 'done', ANCHOR)).toBeNull();
  });

  test('any text at all is a rule that reads as itself, or none', () => {
    fc.assert(
      fc.property(fc.string(), fc.boolean(), (text, isPhrase) => {
        const rrule = parseRecurrence(isPhrase ? `every ${text}` : text, 'done', ANCHOR);
        if (rrule !== null) expect(parseRecurrence(rrule, 'done', ANCHOR)).toBe(rrule);
      }),
    );
  });
});

describe('rules in English', () => {
  test.each([
    ['FREQ=DAILY', 'every day'],
    ['FREQ=DAILY;INTERVAL=3', 'every 3 days'],
    ['FREQ=WEEKLY', 'every week'],
    ['FREQ=WEEKLY;BYDAY=FR', 'every week on Friday'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR', 'every 2 weeks on Monday, Wednesday and Friday'],
    ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'every weekday'],
    ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20270101', 'every weekday, until 2027-01-01'],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', 'every month on the last day'],
    ['FREQ=MONTHLY;BYMONTHDAY=1,2,11,22', 'every month on the 1st, 2nd, 11th and 22nd'],
    ['FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1', 'every month on the 31st'],
    ['FREQ=MONTHLY;BYDAY=1MO,-1FR', 'every month on the first Monday and last Friday'],
    ['FREQ=MONTHLY;INTERVAL=3', 'every 3 months'],
    ['FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24', 'every year on 24 December'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1', 'every year on the last day of February'],
    ['FREQ=YEARLY;BYMONTH=5;BYDAY=2SU', 'every year on the second Sunday of May'],
    ['FREQ=DAILY;COUNT=1', 'every day, 1 time'],
    ['FREQ=DAILY;COUNT=5', 'every day, 5 times'],
  ])('%s is %j', (rrule, words) => {
    expect(describeRecurrence(rrule)).toBe(words);
  });

  test.each([
    'FREQ=MONTHLY;BYMONTHDAY=31',
    'FREQ=MONTHLY;BYMONTHDAY=1,2,3;BYSETPOS=-1',
    'FREQ=MONTHLY;BYDAY=MO',
    'FREQ=MONTHLY;BYMONTH=3',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
    'FREQ=YEARLY;BYMONTH=2,3;BYMONTHDAY=1',
    'FREQ=YEARLY;BYWEEKNO=20;BYDAY=FR',
    'FREQ=DAILY;BYMONTH=3',
    'FREQ=WEEKLY;BYDAY=SU;WKST=SU',
    'not a rule',
  ])('%s has no words', (rrule) => {
    expect(describeRecurrence(rrule)).toBe(rrule);
  });
});
