import { deepEqual, equal, ok } from 'node:assert/strict';
import { periodOf, ruleOf } from '#cli/import/taskwarrior-period.ts';
import { stampMs } from '#cli/import/taskwarrior-dates.ts';
import { addDays, daysBetween, parseDate } from '#core/dates.ts';
import { hlcMs, nextHlc } from '#core/hlc.ts';
import { describeRecurrence } from '#core/recurrence-english.ts';
import { parseRecurrence, rollForward, saidAgain } from '#core/recurrence.ts';
import { readRule, writeRule, type Rule } from '#core/rrule.ts';
import { loadOccurrences } from '#node/occurrences.ts';
import type { Readers } from './reader.ts';

const TODAY = '2026-11-27';
const LEAP_DAY = '2028-02-29';
const next = await loadOccurrences();

/** Days, moments, and what repeats. */
export const READERS: Readers = {
  date: {
    read: (text) => {
      for (const today of [TODAY, LEAP_DAY, '9999-12-31', '0001-01-01']) {
        const date = parseDate(text, today);
        if (date === null) continue;
        equal(parseDate(date, today), date);
        equal(parseDate(`  ${text}\n`, today), date);
        equal(addDays(today, daysBetween(today, date)), date);
      }
    },
    words: [
      'next',
      'last',
      'in',
      ' ',
      'fri',
      'on ',
      'dec',
      'end of month',
      '31',
      '+',
      '-',
      '9',
      'w',
      'weeks',
    ],
  },
  recurrence: {
    read: (text) => {
      for (const from of ['schedule', 'done'] as const) {
        const rrule = parseRecurrence(text, from, LEAP_DAY);
        if (rrule === null) continue;
        equal(parseRecurrence(rrule, from, LEAP_DAY), rrule);
        equal(saidAgain(text, from, rrule), rrule, 'it says something new of its own rule');
        const words = describeRecurrence(rrule);
        equal(parseRecurrence(words, from, LEAP_DAY), rrule, words);
      }
    },
    words: [
      'every ',
      'other ',
      '3 ',
      'days',
      'week',
      'month',
      'year',
      ' on the ',
      '15th',
      'last ',
      'first ',
      'friday',
      ' of ',
      'january',
      ' and ',
      ', ',
      ' until 2027-01-01',
      ' 5 times',
      'daily',
      'FREQ=',
      'WEEKLY',
      ';',
      'BYDAY=MO,-2TU',
      'INTERVAL=0',
    ],
  },
  rrule: {
    read: (text) => {
      const rule = readRule(text);
      if (rule === null) return;
      const written = writeRule(rule);
      const again = readRule(written);
      ok(again !== null, `${written} is none any more`);
      deepEqual(partsOf(again), partsOf(rule));
      equal(writeRule(again), written);
      describeRecurrence(written);
    },
    words: [
      'RRULE:',
      'FREQ=DAILY',
      'FREQ=WEEKLY',
      'FREQ=MONTHLY',
      'FREQ=YEARLY',
      ';',
      ';INTERVAL=2',
      ';BYMONTH=2,12',
      ';BYMONTHDAY=-1',
      ';BYYEARDAY=366',
      ';BYWEEKNO=53',
      ';BYDAY=-1FR',
      ',',
      '+',
      'MO',
      ';BYSETPOS=-1',
      ';WKST=SU',
      ';COUNT=3',
      ';UNTIL=20270101',
      'T235959Z',
    ],
  },
  'next time': {
    read: (text) => {
      const rrule = parseRecurrence(text, 'schedule', LEAP_DAY);
      if (rrule === null) return;
      const task = { doOn: LEAP_DAY, lateFrom: null, recurrence: rrule };
      for (const recurFrom of ['schedule', 'done'] as const) {
        const rolled = rollForward({ ...task, recurFrom }, '2028-03-01', next);
        if (rolled === null) continue;
        ok((rolled.doOn ?? '') > LEAP_DAY, `${rrule} goes back to ${rolled.doOn}`);
        equal(parseDate(rolled.doOn ?? '', TODAY), rolled.doOn);
        ok(readRule(rolled.recurrence) !== null, `${rolled.recurrence} is none`);
      }
    },
    words: [
      'FREQ=DAILY',
      'FREQ=WEEKLY',
      'FREQ=MONTHLY',
      'FREQ=YEARLY',
      ';INTERVAL=9999',
      ';BYMONTH=2',
      ';BYMONTHDAY=30,31',
      ';BYYEARDAY=-366',
      ';BYWEEKNO=53',
      ';BYDAY=5MO',
      ';BYSETPOS=-5',
      ';COUNT=999',
      ';UNTIL=20280401',
      'every ',
      '31st',
      ' of february',
      'last ',
      'day',
    ],
  },
  'taskwarrior period': {
    read: (text) => {
      const period = periodOf(text);
      if (period === null) return;
      const rule = readRule(ruleOf(period));
      ok(rule !== null, `${ruleOf(period)} is no rule`);
      equal(writeRule(rule), ruleOf(period));
    },
    words: [
      'P',
      '1',
      '3',
      '0',
      'D',
      'W',
      'M',
      'Y',
      'days',
      'weekdays',
      'q',
      'mo',
      ' ',
      'biannual',
      '9999',
    ],
  },
  'taskwarrior moment': {
    read: (text) => {
      const ms = stampMs(text);
      if (ms === null) return;
      equal(new Date(ms).toISOString().replaceAll(/[-:]|\.000/g, ''), text);
    },
    words: ['2026', '0229', '1127', 'T', '000000', '235959', '240000', 'Z', '9999', '-'],
  },
  'logical clock': {
    read: (text) => {
      const moments = text.split(/\D+/).map((digits) => Number(digits.slice(0, 14)) % 2 ** 47);
      let last: string | null = null;
      for (const ms of moments) {
        const now: string = nextHlc(last, ms);
        ok(last === null || now > last, `${now} after ${last}`);
        ok(hlcMs(now) >= ms, `${now} at ${ms}`);
        last = now;
      }
      if (last !== null) equal(last.length, 16);
    },
    words: ['0', '1', ' ', '1795000000000', '99999999999999', '65535 ', '140737488355327'],
  },
};

/** A rule says the same in whatever order, and however often it says it. */
function partsOf(rule: Rule): Map<string, unknown> {
  return new Map(
    Object.entries(rule).map(([name, part]) => [name, Array.isArray(part) ? new Set(part) : part]),
  );
}
