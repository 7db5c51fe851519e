import { MONTHS, WEEKDAYS } from '#core/dates.ts';
import { ruleOfWords } from '#core/recurrence-words.ts';
import { DAYS, isBare, readRule, splitDay, writeRule } from '#core/rrule.ts';
import type { Rule } from '#core/rrule.ts';

const STEPS = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month', YEARLY: 'year' } as const;
const NTHS: Record<string, string> = {
  '1': 'first',
  '2': 'second',
  '3': 'third',
  '4': 'fourth',
  '5': 'fifth',
  '-1': 'last',
};

/**
 * A recurrence as people say it: "every 3 days", "every week on Friday", "every
 * weekday, until 2027-01-01". The RRULE itself where no words would be read
 * back as exactly that rule.
 */
export function describeRecurrence(rrule: string): string {
  const rule = readRule(rrule);
  if (rule === null) return rrule;
  const words = repetition(rule) + end(rule);
  const again = ruleOfWords(words);
  return again !== null && writeRule(again) === writeRule(rule) ? words : rrule;
}

function repetition(rule: Rule): string {
  const { interval, freq } = rule;
  if (writeRule({ ...rule, count: null, until: null }) === 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR') {
    return 'every weekday';
  }
  const step = interval === 1 ? `every ${STEPS[freq]}` : `every ${interval} ${STEPS[freq]}s`;
  return isBare(rule) ? step : `${step} on ${within(rule)}`;
}

function within({ freq, byDay, byMonth, byMonthDay, bySetPos }: Rule): string {
  const [month = 0] = byMonth;
  const name = capital(MONTHS[month - 1] ?? '');
  if (freq === 'WEEKLY') return list(byDay.map(dayName));
  if (freq === 'MONTHLY') {
    if (byDay.length > 0) return `the ${list(byDay.map(dayName))}`;
    // "The last of the 28th to 31st" is how a rule says "the 31st or the last day".
    const days = bySetPos.length > 0 ? [Math.max(...byMonthDay)] : byMonthDay;
    return `the ${list(days.map(ordinal))}`;
  }
  if (byDay.length > 0) return `the ${list(byDay.map(dayName))} of ${name}`;
  return byMonthDay[0] === -1 ? `the last day of ${name}` : `${byMonthDay[0]} ${name}`;
}

function end({ count, until }: Rule): string {
  if (until !== null) return `, until ${until}`;
  return count === null ? '' : `, ${count} ${count === 1 ? 'time' : 'times'}`;
}

function dayName(byDay: string): string {
  const { nth, day } = splitDay(byDay);
  const name = capital(WEEKDAYS[(DAYS.indexOf(day) + 1) % 7] ?? '');
  return nth === 0 ? name : `${NTHS[nth]} ${name}`;
}

function ordinal(day: number): string {
  if (day < 0) return 'last day';
  const isTeen = day > 10 && day < 14;
  return `${day}${(isTeen ? undefined : ['th', 'st', 'nd', 'rd'][day % 10]) ?? 'th'}`;
}

function list(words: string[]): string {
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].filter(Boolean).join(' and ');
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
