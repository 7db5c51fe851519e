import { addDays, addMonths, daysBetween, parts } from '#core/dates.ts';
import type { CivilDate } from '#core/dates.ts';
import type { NextOccurrence } from '#core/ports.ts';
import { onDayOfMonth, onDayOfYear, ruleOfWords } from '#core/recurrence-words.ts';
import { DAYS, isBare, leavesDay, readRule, writeRule } from '#core/rrule.ts';
import type { Day, Rule } from '#core/rrule.ts';
import type { RecurFrom } from '#core/task.ts';

/** More than any rule needs, in characters. */
const MOST_CHARS = 500;

/** What moves when a task is done, and is not done with. */
interface Rolled {
  doOn: CivilDate | null;
  lateFrom: CivilDate | null;
  /** An RRULE as `parseRecurrence` gives it. */
  recurrence: string;
}

/**
 * Words (`every 3 days`, `monthly on the 15th`) or an RRULE as the RRULE that is
 * kept, or null when they are neither.
 *
 * Counted from the schedule, what is left open is taken from the anchor: weekly
 * on a Friday becomes every Friday, and stays that when one of them is put off.
 * Counted from when it is done, it stays open: a week later, whatever day it is.
 * @param anchor the day the task is planned for.
 */
export function parseRecurrence(words: string, from: RecurFrom, anchor: CivilDate): string | null {
  const rule = ruleIn(words);
  if (rule === null) return null;
  const rrule = writeRule(pinned(rule, from, anchor));
  return readRule(rrule) === null ? null : rrule;
}

/**
 * The rule that a task keeps where words say nothing new of it: `weekly`, of a task that
 * is every Friday's, though it is put off to a Monday. How often, where they say that, is
 * as they say. Null where they say another rule than {@link parseRecurrence} gave once.
 */
export function saidAgain(words: string, from: RecurFrom, rrule: string): string | null {
  const [rule, is] = [ruleIn(words), readRule(rrule)];
  if (rule === null || is === null) return null;
  const kept = writeRule({ ...is, count: rule.count });
  if (!isOpen(rule, from)) return writeRule(rule) === kept ? kept : null;
  // A leap year has every day there is.
  const anchors = Array.from({ length: 366 }, (_, days) => addDays('2004-01-01', days));
  return anchors.some((anchor) => writeRule(pinned(rule, from, anchor)) === kept) ? kept : null;
}

/** As it was written, with what it leaves open left open. */
function ruleIn(words: string): Rule | null {
  return words.length > MOST_CHARS ? null : (readRule(words.trim()) ?? ruleOfWords(words));
}

/** It leaves open what must be said. */
function isOpen(rule: Rule, from: RecurFrom): boolean {
  // A week of the year without a day is where readers of RFC 5545 disagree.
  return leavesDay(rule) && (from === 'schedule' || rule.byWeekNo.length > 0);
}

/**
 * Where a task goes when it is done today, or null when that was the last time.
 *
 * It goes to the first occurrence after both its date and today. The dates it
 * has move together; a task without any gets a do-date. A COUNT is of this
 * occurrence and those to come: it goes down by one, and from the schedule by
 * one more for each that was missed, as those days have gone by all the same.
 */
export function rollForward(
  task: Rolled & { recurFrom: RecurFrom },
  today: CivilDate,
  next: NextOccurrence,
): Rolled | null {
  const read = readRule(task.recurrence);
  if (read === null) throw new Error(`cannot read the recurrence ${task.recurrence}`);
  const anchor = task.doOn ?? task.lateFrom ?? today;
  // Imports of earlier versions left the day open.
  const rule = pinned(read, task.recurFrom, anchor);
  const after = anchor > today ? anchor : today;
  const roll = task.recurFrom === 'done' ? fromDone : fromSchedule;
  const to = roll(rule, { anchor, today, after }, next);
  if (to === null || to.count === 0) return null;
  const days = daysBetween(anchor, to.date);
  const lateFrom = task.lateFrom && addDays(task.lateFrom, days);
  // Dates are four digits of year: there is no day after the last of them.
  if (lateFrom !== null && !/^\d{4}-/.test(lateFrom)) return null;
  const doOn = task.doOn === null && task.lateFrom !== null ? null : to.date;
  return { doOn, lateFrom, recurrence: writeRule({ ...rule, count: to.count }) };
}

interface Days {
  /** The day the task is planned for. */
  anchor: CivilDate;
  today: CivilDate;
  /** The later of the two. */
  after: CivilDate;
}

/** A day, and how many occurrences are left with it; null for no end. */
type Roll = (
  rule: Rule,
  days: Days,
  next: NextOccurrence,
) => { date: CivilDate; count: number | null } | null;

const fromSchedule: Roll = (rule, { anchor, after }, next) => {
  const rrule = endless(rule);
  if (rule.count === null) {
    const date = next(rrule, anchor, after);
    return date === null ? null : { date, count: null };
  }
  let count = rule.count - 1;
  let date = next(rrule, anchor, anchor);
  for (; count > 0 && date !== null && date <= after; count--) date = next(rrule, anchor, date);
  return date === null ? null : { date, count };
};

const fromDone: Roll = (rule, { today, after }, next) => {
  const isClamped = isBare(rule) && (rule.freq === 'MONTHLY' || rule.freq === 'YEARLY');
  const date = isClamped ? monthsOn(rule, today, after) : next(endless(rule), today, after);
  return date === null ? null : { date, count: rule.count === null ? null : rule.count - 1 };
};

/** Months or years after `start`. By RFC 5545, months that have no 31st would be left out. */
function monthsOn(rule: Rule, start: CivilDate, after: CivilDate): CivilDate | null {
  const months = rule.interval * (rule.freq === 'YEARLY' ? 12 : 1);
  const { year, month } = parts(start);
  const last = parts(after);
  // The step that leads into the month of `after`, and beyond it where that is not enough.
  const between = (last.year - year) * 12 + last.month - month;
  const step = Math.max(1, Math.floor(between / months));
  const date = [step, step + 1]
    .map((steps) => addMonths(start, months * steps))
    .find((each) => each > after);
  const isPast = date === undefined || date.length !== 10 || date > (rule.until ?? '9999-12-31');
  return isPast ? null : date;
}

/** Without COUNT, which the library would count from the day it is given. */
function endless(rule: Rule): string {
  return writeRule({ ...rule, count: null });
}

/** The rule with what it leaves to its first day said, where that must be. */
function pinned(rule: Rule, from: RecurFrom, anchor: CivilDate): Rule {
  if (!isOpen(rule, from)) return rule;
  const { month, day } = parts(anchor);
  if (rule.freq === 'WEEKLY' || rule.byWeekNo.length > 0) {
    return { ...rule, byDay: [dayOfWeek(anchor)] };
  }
  if (rule.freq === 'MONTHLY') {
    const isChosen = rule.bySetPos.length > 0;
    return { ...rule, ...(isChosen ? { byMonthDay: [day] } : onDayOfMonth(day)) };
  }
  if (rule.freq === 'YEARLY') {
    const isNamed = rule.byMonth.length > 0;
    return { ...rule, ...(isNamed ? { byMonthDay: [day] } : onDayOfYear(month, day)) };
  }
  return rule;
}

function dayOfWeek(date: CivilDate): Day {
  // 2001-01-01 was a Monday.
  const index = daysBetween('2001-01-01', date) % 7;
  return DAYS[(index + 7) % 7] ?? 'MO';
}
