import { parseDate } from '#core/dates.ts';
import type { CivilDate } from '#core/dates.ts';

/** The days as RFC 5545 writes them, in the order of a week. */
export const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Day = (typeof DAYS)[number];

const FREQS = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type Freq = (typeof FREQS)[number];

/** An RRULE of whole days, taken apart. An empty list is a part that is not there. */
export interface Rule {
  freq: Freq;
  interval: number;
  byMonth: number[];
  byWeekNo: number[];
  byYearDay: number[];
  byMonthDay: number[];
  /** `FR`, or `-1FR` for the last one of the month or year. */
  byDay: string[];
  bySetPos: number[];
  weekStart: Day;
  count: number | null;
  until: CivilDate | null;
}

/** COUNT is stepped through, one by one. */
const MOST = { interval: 9999, count: 999 } as const;

/** A rule that leaves everything but its step to the day it begins. */
export function bareRule(freq: Freq, interval = 1): Rule {
  const byNothing = { byMonth: [], byWeekNo: [], byYearDay: [], byMonthDay: [], byDay: [] };
  const endless = { bySetPos: [], weekStart: 'MO' as const, count: null, until: null };
  return { freq, interval, ...byNothing, ...endless };
}

/** True when the rule says no more than how often. */
export function isBare(rule: Rule): boolean {
  return !rule.bySetPos.length && !rule.byMonth.length && !rule.byWeekNo.length && leavesDay(rule);
}

/** True when which day of the week, month or year it is, is left to the day the rule begins. */
export function leavesDay(rule: Rule): boolean {
  return !rule.byDay.length && !rule.byMonthDay.length && !rule.byYearDay.length;
}

/**
 * The parts of an RRULE, or null when it is none that can be kept: a part or
 * value that RFC 5545 does not have, a time of day, or parts together that make
 * no sense. `RRULE:` may stand before it, in capitals or not.
 */
export function readRule(text: string): Rule | null {
  const pairs = text
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .split(';')
    .map((part) => part.split('='));
  if (pairs.some((pair) => pair.length !== 2)) return null;
  const given = new Map(pairs as [string, string][]);
  const freq = FREQS.find((each) => each === given.get('FREQ'));
  if (freq === undefined || given.size !== pairs.length) return null;
  const rule = bareRule(freq);
  const isRead = [...given].every(([name, value]) => READ[name]?.(rule, value) === true);
  return isRead && isSound(rule) ? rule : null;
}

/** The rule as text: parts and values in one order, none that says nothing. */
export function writeRule(rule: Rule): string {
  const parts: [string, string | number | null][] = [
    ['FREQ', rule.freq],
    ['INTERVAL', rule.interval === 1 ? null : rule.interval],
    ['BYMONTH', inOrder(rule.byMonth)],
    ['BYWEEKNO', inOrder(rule.byWeekNo)],
    ['BYYEARDAY', inOrder(rule.byYearDay)],
    ['BYMONTHDAY', inOrder(rule.byMonthDay)],
    ['BYDAY', [...new Set(rule.byDay)].toSorted(byNthAndDay).join(',')],
    ['BYSETPOS', inOrder(rule.bySetPos)],
    ['WKST', rule.weekStart === 'MO' ? null : rule.weekStart],
    ['COUNT', rule.count],
    ['UNTIL', rule.until?.replaceAll('-', '') ?? null],
  ];
  return parts
    .filter(([, value]) => value !== null && value !== '')
    .map((part) => part.join('='))
    .join(';');
}

/** The day of `-1FR`, and which of them: 0 for each. */
export function splitDay(byDay: string): { nth: number; day: Day } {
  return { nth: Number(byDay.slice(0, -2)), day: byDay.slice(-2) as Day };
}

/** Reads one part into the rule; false when the value is not legal. */
const READ: Record<string, (rule: Rule, value: string) => boolean> = {
  FREQ: () => true,
  INTERVAL: (rule, value) => {
    rule.interval = Number(value);
    return isCount(value, MOST.interval);
  },
  COUNT: (rule, value) => {
    rule.count = Number(value);
    return isCount(value, MOST.count);
  },
  UNTIL: (rule, value) => {
    // Calendars write the last moment of the last day: the day is what counts here.
    const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)(?:T\d{6}Z?)?$/.exec(value) ?? [];
    // Digits that are no day are no date, whatever today is.
    rule.until = parseDate(`${year}-${month}-${day}`, '2000-01-01');
    return rule.until !== null;
  },
  WKST: (rule, value) => {
    const day = DAYS.find((each) => each === value);
    if (day) rule.weekStart = day;
    return day !== undefined;
  },
  BYDAY: (rule, value) => {
    rule.byDay = value.split(',').map((each) => each.replace(/^\+/, ''));
    return rule.byDay.every((each) => /^(-?[1-9]\d?)?(MO|TU|WE|TH|FR|SA|SU)$/.test(each));
  },
  BYMONTH: (rule, value) => (rule.byMonth = numbers(value, 1, 12)).length > 0,
  BYMONTHDAY: (rule, value) => (rule.byMonthDay = numbers(value, -31, 31)).length > 0,
  BYYEARDAY: (rule, value) => (rule.byYearDay = numbers(value, -366, 366)).length > 0,
  BYWEEKNO: (rule, value) => (rule.byWeekNo = numbers(value, -53, 53)).length > 0,
  BYSETPOS: (rule, value) => (rule.bySetPos = numbers(value, -366, 366)).length > 0,
};

function isCount(value: string, most: number): boolean {
  return /^[1-9]\d{0,3}$/.test(value) && Number(value) <= most;
}

/** The numbers of a list, or none when one of them is wrong. 0 always is. */
function numbers(value: string, least: number, most: number): number[] {
  const texts = value.split(',');
  const isWrong = (text: string) =>
    !/^[+-]?[1-9]\d{0,2}$/.test(text) || Number(text) < least || Number(text) > most;
  return texts.some(isWrong) ? [] : texts.map(Number);
}

/** What RFC 5545 forbids together, and what its text leaves open and readers disagree on. */
function isSound(rule: Rule): boolean {
  const has = (list: unknown[]) => list.length > 0;
  const { freq, byDay, byMonth, byMonthDay, byYearDay, byWeekNo, bySetPos } = rule;
  const nths = byDay.map((each) => splitDay(each).nth).filter((nth) => nth !== 0);
  const mostNth = freq === 'YEARLY' && !has(byMonth) ? 53 : 5;
  const mayHaveNth = freq === 'MONTHLY' || (freq === 'YEARLY' && !has(byMonthDay));
  const faults = [
    rule.count !== null && rule.until !== null,
    has(byMonthDay) && freq === 'WEEKLY',
    has(byYearDay) && (freq !== 'YEARLY' || has([...byMonth, ...byMonthDay, ...byDay])),
    has(byWeekNo) && (freq !== 'YEARLY' || has([...byMonth, ...byMonthDay, ...byYearDay, ...nths])),
    has(nths) && !mayHaveNth,
    has(nths) && freq === 'YEARLY' && nths.length < byDay.length,
    nths.some((nth) => Math.abs(nth) > mostNth),
    has(bySetPos) && leavesDay(rule) && !has(byMonth) && !has(byWeekNo),
  ];
  return !faults.includes(true);
}

/** From the front, then from the back: 1, 15, -2, -1. */
function inOrder(list: number[]): string {
  const place = (value: number) => (value < 0 ? value + 1000 : value);
  return [...new Set(list)].toSorted((one, other) => place(one) - place(other)).join(',');
}

function byNthAndDay(one: string, other: string): number {
  const place = (text: string) => {
    const { nth, day } = splitDay(text);
    return (nth < 0 ? nth + 100 : nth) * 10 + DAYS.indexOf(day);
  };
  return place(one) - place(other);
}
