import { describe, expect, test } from 'vitest';
import { parseRecurrence, rollForward } from '#core/recurrence.ts';
import type { RecurFrom } from '#core/task.ts';
import { loadOccurrences } from '#node/occurrences.ts';

const next = await loadOccurrences();

/** The do-date after the task is done `today`; null when it is done with. */
function rolled(recurrence: string, recurFrom: RecurFrom, doOn: string | null, today: string) {
  return rollForward({ recurrence, recurFrom, doOn, lateFrom: null }, today, next);
}

test('a rule that an import left open has the day that the task is on', () => {
  expect(rolled('FREQ=MONTHLY', 'schedule', '2027-01-31', '2027-01-31')).toEqual({
    doOn: '2027-02-28',
    lateFrom: null,
    recurrence: 'FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1',
  });
});

describe('from the schedule', () => {
  test.each([
    // words, planned when said, the do-date now, done on, next
    ['daily', '2026-11-20', '2026-11-20', '2026-11-20', '2026-11-21'],
    ['daily over the year', '2026-12-31', '2026-12-31', '2026-12-31', '2027-01-01'],
    ['daily, overdue', '2026-11-01', '2026-11-01', '2026-11-20', '2026-11-21'],
    ['daily, done early', '2026-11-25', '2026-11-25', '2026-11-20', '2026-11-26'],
    ['every 3 days, overdue, in phase', '2026-11-01', '2026-11-01', '2026-11-20', '2026-11-22'],
    ['weekly on a Friday', '2026-11-20', '2026-11-20', '2026-11-20', '2026-11-27'],
    ['weekly, put off to Sunday', '2026-11-20', '2026-11-22', '2026-11-22', '2026-11-27'],
    ['weekly, done early', '2026-11-20', '2026-11-20', '2026-11-18', '2026-11-27'],
    ['every other week, overdue, in phase', '2026-11-06', '2026-11-06', '2026-11-16', '2026-11-20'],
    ['every other week on mon', '2026-11-02', '2026-11-08', '2026-11-08', '2026-11-16'],
    ['weekdays, from a Friday', '2026-11-20', '2026-11-20', '2026-11-20', '2026-11-23'],
    ['weekdays, from a Sunday', '2026-11-22', '2026-11-22', '2026-11-22', '2026-11-23'],
    ['monthly on the 31st', '2026-01-31', '2026-01-31', '2026-01-31', '2026-02-28'],
    ['monthly on the 31st, on', '2026-01-31', '2026-02-28', '2026-02-28', '2026-03-31'],
    ['monthly on the 31st, leap', '2028-01-31', '2028-01-31', '2028-01-31', '2028-02-29'],
    ['monthly on the 30th', '2026-01-30', '2026-02-28', '2026-03-01', '2026-03-30'],
    ['monthly, put off into the next', '2026-11-15', '2026-12-02', '2026-12-02', '2026-12-15'],
    ['every 3 months', '2026-11-30', '2026-11-30', '2026-11-30', '2027-02-28'],
    ['yearly', '2026-12-24', '2026-12-24', '2026-12-25', '2027-12-24'],
    ['yearly on a leap day', '2028-02-29', '2028-02-29', '2028-02-29', '2029-02-28'],
    ['yearly on a leap day, on', '2028-02-29', '2031-02-28', '2031-02-28', '2032-02-29'],
    ['daily into summer time', '2026-03-28', '2026-03-28', '2026-03-28', '2026-03-29'],
    ['daily out of summer time', '2026-10-25', '2026-10-25', '2026-10-25', '2026-10-26'],
  ])('%s', (name, said, doOn, today, expected) => {
    const words = name.replace(/,.*| (over|into|out|from a|on a) .*/, '');
    const recurrence = parseRecurrence(words, 'schedule', said) ?? '';
    const to = { doOn: expected, lateFrom: null, recurrence };
    expect(rolled(recurrence, 'schedule', doOn, today)).toEqual(to);
  });

  test('a rule that never comes, or comes after the year 9999, is done with', () => {
    const never = 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31';
    expect(rolled(never, 'schedule', '2026-11-20', '2026-11-20')).toBeNull();
    expect(rolled('FREQ=DAILY', 'schedule', '9999-12-31', '2026-11-20')).toBeNull();
    expect(rolled('FREQ=YEARLY', 'done', '9999-12-01', '2026-11-20')).toBeNull();
  });
});

describe('from when it is done', () => {
  test.each([
    ['FREQ=DAILY;INTERVAL=3', '2026-11-01', '2026-11-20', '2026-11-23'],
    ['FREQ=WEEKLY', '2026-11-20', '2026-11-22', '2026-11-29'],
    ['FREQ=WEEKLY;BYDAY=FR', '2026-11-20', '2026-11-22', '2026-11-27'],
    ['FREQ=MONTHLY', '2026-01-01', '2026-01-31', '2026-02-28'],
    ['FREQ=MONTHLY', '2026-01-01', '2026-02-28', '2026-03-28'],
    ['FREQ=MONTHLY;INTERVAL=3', '2026-01-01', '2026-11-30', '2027-02-28'],
    ['FREQ=YEARLY', '2026-01-01', '2028-02-29', '2029-02-28'],
    // Done long before its day: what is next still lies after both.
    ['FREQ=DAILY;INTERVAL=3', '2026-12-10', '2026-11-20', '2026-12-11'],
    ['FREQ=MONTHLY', '2027-03-31', '2026-12-31', '2027-04-30'],
    ['FREQ=MONTHLY', '2027-03-30', '2026-12-31', '2027-03-31'],
  ])('%s, planned for %s, done on %s', (recurrence, doOn, today, expected) => {
    const to = { doOn: expected, lateFrom: null, recurrence };
    expect(rolled(recurrence, 'done', doOn, today)).toEqual(to);
  });
});

describe('the dates of a task', () => {
  test.each([
    ['both, a week apart', '2026-11-20', '2026-11-27', '2026-11-27', '2026-12-04'],
    ['late before its do-date', '2026-11-20', '2026-11-18', '2026-11-27', '2026-11-25'],
    ['only late', null, '2026-11-20', null, '2026-11-27'],
    ['none', null, null, '2026-11-27', null],
  ])('%s', (_, doOn, lateFrom, nextDoOn, nextLateFrom) => {
    const recurrence = 'FREQ=WEEKLY;BYDAY=FR';
    const task = { recurrence, recurFrom: 'schedule', doOn, lateFrom } as const;
    const to = { recurrence, doOn: nextDoOn, lateFrom: nextLateFrom };
    expect(rollForward(task, '2026-11-20', next)).toEqual(to);
  });

  test('none lies after the year 9999', () => {
    const dates = { doOn: '9999-12-20', lateFrom: '9999-12-31' };
    const task = { recurrence: 'FREQ=DAILY', recurFrom: 'schedule', ...dates } as const;
    expect(rollForward(task, '2026-11-20', next)).toBeNull();
  });
});

describe('an end', () => {
  test.each([
    // With COUNT=3 from the 20th: 20, 21, 22.
    ['schedule', 'COUNT=3', '2026-11-20', '2026-11-21', 'COUNT=2'],
    ['schedule', 'COUNT=2', '2026-11-20', '2026-11-21', 'COUNT=1'],
    ['schedule', 'COUNT=1', '2026-11-20', null, ''],
    ['schedule', 'COUNT=3', '2026-11-21', '2026-11-22', 'COUNT=1'],
    ['schedule', 'COUNT=3', '2026-11-22', null, ''],
    ['schedule', 'COUNT=3', '2027-11-22', null, ''],
    ['schedule', 'COUNT=3', '2026-11-01', '2026-11-21', 'COUNT=2'],
    // What is counted from when it is done cannot be missed.
    ['done', 'COUNT=3', '2027-11-22', '2027-11-23', 'COUNT=2'],
    ['done', 'COUNT=1', '2026-11-20', null, ''],
    ['schedule', 'UNTIL=20261122', '2026-11-21', '2026-11-22', 'UNTIL=20261122'],
    ['schedule', 'UNTIL=20261122', '2026-11-22', null, ''],
    ['schedule', 'UNTIL=20261101', '2026-11-22', null, ''],
    ['done', 'UNTIL=20261122', '2026-11-21', '2026-11-22', 'UNTIL=20261122'],
    ['done', 'UNTIL=20261122', '2026-11-22', null, ''],
  ] as const)('from %s, %s, done on %s', (recurFrom, end, today, doOn, left) => {
    const to = doOn && { doOn, lateFrom: null, recurrence: `FREQ=DAILY;${left}` };
    expect(rolled(`FREQ=DAILY;${end}`, recurFrom, '2026-11-20', today)).toEqual(to);
  });

  test('of months counted from when it is done', () => {
    const recurrence = 'FREQ=MONTHLY;UNTIL=20261220';
    const to = { doOn: '2026-12-20', lateFrom: null, recurrence };
    expect(rolled(recurrence, 'done', null, '2026-11-20')).toEqual(to);
    expect(rolled(recurrence, 'done', null, '2026-11-21')).toBeNull();
  });

  test('an occurrence that was put off counts once', () => {
    const to = { doOn: '2026-11-27', lateFrom: null, recurrence: 'FREQ=WEEKLY;BYDAY=FR;COUNT=2' };
    const task = 'FREQ=WEEKLY;BYDAY=FR;COUNT=3';
    expect(rolled(task, 'schedule', '2026-11-22', '2026-11-22')).toEqual(to);
  });
});

test('a recurrence that is none is said, not ignored', () => {
  expect(() => rolled('sometimes', 'done', null, '2026-11-20')).toThrow(
    'cannot read the recurrence sometimes',
  );
});
