import { describe, expect, test } from 'vitest';
import { periodOf, periodsLater, ruleOf } from '#cli/import/taskwarrior-period.ts';

test.each([
  ['daily', 'FREQ=DAILY'],
  ['day', 'FREQ=DAILY'],
  ['3days', 'FREQ=DAILY;INTERVAL=3'],
  ['2da', 'FREQ=DAILY;INTERVAL=2'],
  ['10d', 'FREQ=DAILY;INTERVAL=10'],
  ['weekdays', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'],
  ['weekly', 'FREQ=WEEKLY'],
  ['Weekly', 'FREQ=WEEKLY'],
  ['2wks', 'FREQ=WEEKLY;INTERVAL=2'],
  ['biweekly', 'FREQ=WEEKLY;INTERVAL=2'],
  ['fortnight', 'FREQ=WEEKLY;INTERVAL=2'],
  ['monthly', 'FREQ=MONTHLY'],
  ['mo', 'FREQ=MONTHLY'],
  ['bimonthly', 'FREQ=MONTHLY;INTERVAL=2'],
  ['quarterly', 'FREQ=MONTHLY;INTERVAL=3'],
  ['2qtrs', 'FREQ=MONTHLY;INTERVAL=6'],
  ['semiannual', 'FREQ=MONTHLY;INTERVAL=6'],
  ['annual', 'FREQ=YEARLY'],
  ['2yrs', 'FREQ=YEARLY;INTERVAL=2'],
  ['biyearly', 'FREQ=YEARLY;INTERVAL=2'],
  ['P1D', 'FREQ=DAILY'],
  ['P2W', 'FREQ=WEEKLY;INTERVAL=2'],
  ['P1M', 'FREQ=MONTHLY'],
  ['P1Y', 'FREQ=YEARLY'],
])('%s is %s', (words, rule) => {
  const period = periodOf(words);
  expect(period && ruleOf(period)).toBe(rule);
});

test.each([
  '2hrs',
  'PT6H',
  '90min',
  'P1Y2M',
  'm',
  '',
  '0days',
  'P0D',
  '99999d',
  'constructor',
  'now',
])('%j is nothing that days can say', (words) => {
  expect(periodOf(words)).toBeNull();
});

describe('so many periods later', () => {
  test.each([
    ['2026-10-31', 'monthly', 0, '2026-10-31'],
    ['2026-10-31', 'monthly', 1, '2026-11-30'],
    ['2026-10-31', 'monthly', 2, '2026-12-31'],
    ['2024-02-29', 'yearly', 1, '2025-02-28'],
    ['2026-11-21', '3days', 3, '2026-11-30'],
    ['2026-11-24', 'biweekly', 2, '2026-12-22'],
    ['2026-11-26', 'weekdays', 1, '2026-11-27'],
    ['2026-11-26', 'weekdays', 2, '2026-11-30'],
  ])('%s, %s, %d times: %s', (day, words, times, later) => {
    expect(periodsLater(day, periodOf(words) ?? [1, 'DAILY'], times)).toBe(later);
  });
});
