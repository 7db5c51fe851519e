import { daysBetween, parts } from '#core/dates.ts';
import type { CivilDate } from '#core/dates.ts';
import { onDayOfMonth, onDayOfYear, ruleOfWords } from '#core/recurrence-words.ts';
import { DAYS, leavesDay, readRule, writeRule } from '#core/rrule.ts';
import type { Day, Rule } from '#core/rrule.ts';

/** What a recurrence counts from: the days it was planned for, or the day it was done. */
type RecurFrom = 'schedule' | 'done';

/** More than any rule needs, in characters. */
const MOST_CHARS = 500;

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
  if (words.length > MOST_CHARS) return null;
  const rule = readRule(words.trim()) ?? ruleOfWords(words);
  if (rule === null) return null;
  // A week of the year without a day is where readers of RFC 5545 disagree.
  const isPinned = from === 'schedule' || rule.byWeekNo.length > 0;
  const rrule = writeRule(isPinned ? pinned(rule, anchor) : rule);
  return readRule(rrule) === null ? null : rrule;
}

/** The rule with what it leaves to its first day said. */
function pinned(rule: Rule, anchor: CivilDate): Rule {
  if (!leavesDay(rule)) return rule;
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
