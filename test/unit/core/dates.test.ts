import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, addMonths, daysBetween, parseDate } from '#core/dates.ts';

/** A Wednesday. */
const TODAY = '2026-11-18';

describe('words that are a date, said on Wednesday 2026-11-18', () => {
  test.each([
    ['today', '2026-11-18'],
    ['tomorrow', '2026-11-19'],
    ['yesterday', '2026-11-17'],
    ['  ToDay ', '2026-11-18'],
    ['eom', '2026-11-30'],
    ['end of month', '2026-11-30'],
    ['end  of   year', '2026-12-31'],
    ['eoy', '2026-12-31'],
    ['+0d', '2026-11-18'],
    ['+3d', '2026-11-21'],
    ['+2w', '2026-12-02'],
    ['+1m', '2026-12-18'],
    ['+1y', '2027-11-18'],
    ['-1w', '2026-11-11'],
    ['-20d', '2026-10-29'],
    ['-12m', '2025-11-18'],
    ['in 2 days', '2026-11-20'],
    ['in a week', '2026-11-25'],
    ['in an month', '2026-12-18'],
    ['in one year', '2027-11-18'],
    ['next week', '2026-11-25'],
    ['next month', '2026-12-18'],
    ['next year', '2027-11-18'],
    ['thu', '2026-11-19'],
    ['fri', '2026-11-20'],
    ['sat', '2026-11-21'],
    ['sun', '2026-11-22'],
    ['mon', '2026-11-23'],
    ['tues', '2026-11-24'],
    ['wed', '2026-11-25'],
    ['wednesday', '2026-11-25'],
    ['on thursday', '2026-11-19'],
    ['next friday', '2026-11-20'],
    ['24 dec', '2026-12-24'],
    ['24. december', '2026-12-24'],
    ['dec 24', '2026-12-24'],
    ['18 nov', '2026-11-18'],
    ['17 nov', '2027-11-17'],
    ['1 sept', '2027-09-01'],
    ['feb 29', '2028-02-29'],
    ['24 dec 2030', '2030-12-24'],
    ['1 jan 2020', '2020-01-01'],
    ['2026-12-24', '2026-12-24'],
    ['2024-02-29', '2024-02-29'],
    ['2000-02-29', '2000-02-29'],
    ['9999-12-31', '9999-12-31'],
  ])('%j is %s', (words, date) => {
    expect(parseDate(words, TODAY)).toBe(date);
  });
});

describe('words that are none', () => {
  test.each([
    '',
    ' ',
    'soon',
    'm',
    'mo',
    'fr',
    'frida y',
    'fridayy',
    'next',
    'next decade',
    'in two days',
    'in days',
    '+3',
    '3d',
    '+3x',
    '+123456d',
    '++3d',
    '+3d later',
    '2026-11-31',
    '2026-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '0000-01-01',
    '2026-1-1',
    '20261224',
    '26-12-24',
    '24/12/2026',
    '31 feb',
    '0 dec',
    '32 dec',
    '24 dec 26',
    '29 feb 2027',
    'dec',
    '2026',
    'none',
    '١٢ dec',
  ])('%j', (words) => {
    expect(parseDate(words, TODAY)).toBeNull();
  });
});

test.each([
  '+99999y',
  '-99999y',
  '+99999m',
  '-99999m',
  '-9999y',
  'in 99999 years',
  'in 8000 years',
])('a date past the four digits of a year is none: %s', (words) => {
  expect(parseDate(words, TODAY)).toBeNull();
});

test.each([
  ['eom', '2024-02-10', '2024-02-29'],
  ['eom', '2026-02-28', '2026-02-28'],
  ['eom', '2026-12-31', '2026-12-31'],
  ['+1m', '2026-01-31', '2026-02-28'],
  ['+1m', '2024-01-31', '2024-02-29'],
  ['-1m', '2026-03-31', '2026-02-28'],
  ['+1y', '2024-02-29', '2025-02-28'],
  ['+4y', '2024-02-29', '2028-02-29'],
  ['tomorrow', '2026-12-31', '2027-01-01'],
  ['tomorrow', '2026-02-28', '2026-03-01'],
  ['yesterday', '2024-03-01', '2024-02-29'],
  ['29 feb', '2024-03-01', '2028-02-29'],
  ['29 feb', '2097-01-01', '2104-02-29'],
  ['sat', '2026-11-20', '2026-11-21'],
  ['fri', '2026-11-20', '2026-11-27'],
  ['mon', '2026-12-29', '2027-01-04'],
])('%s said on %s is %s', (words, today, date) => {
  expect(parseDate(words, today)).toBe(date);
});

describe('arithmetic', () => {
  const dates = fc
    .date({ min: new Date('1900-01-01'), max: new Date('9000-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const counts = fc.integer({ min: -300_000, max: 300_000 });

  test('days added and taken away again leave the date as it was, and are counted', () => {
    fc.assert(
      fc.property(dates, counts, (date, count) => {
        const later = addDays(date, count);
        expect(addDays(later, -count)).toBe(date);
        expect(daysBetween(date, later)).toBe(count);
        expect(Math.sign(count)).toBe(later < date ? -1 : Number(later > date));
      }),
    );
  });

  test('months keep the day where the month has it, and take its last one where not', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -500, max: 500 }), (date, count) => {
        const later = addMonths(date, count);
        const isLast = addDays(later, 1).slice(8) === '01';
        expect(later.slice(8) === date.slice(8) || (isLast && later.slice(8) < date.slice(8))).toBe(
          true,
        );
        expect(Math.abs(daysBetween(date, later) - count * 30.44)).toBeLessThan(32);
      }),
    );
  });

  test.each(['Europe/Berlin', 'America/New_York', 'Pacific/Apia', 'America/Sao_Paulo'])(
    'is untouched by the clock changes of %s',
    (zone) => {
      const before = process.env['TZ'];
      try {
        process.env['TZ'] = zone;
        const days = Array.from({ length: 731 }, (_, i) => addDays('2011-01-01', i));
        expect(new Set(days).size).toBe(731);
        expect(days.at(-1)).toBe('2012-12-31');
        expect(parseDate('+1d', '2026-03-28')).toBe('2026-03-29');
        expect(parseDate('+1d', '2026-10-25')).toBe('2026-10-26');
      } finally {
        if (before === undefined) delete process.env['TZ'];
        else process.env['TZ'] = before;
      }
    },
  );
});
