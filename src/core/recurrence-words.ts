import { indexOfName, MONTHS, parseDate, WEEKDAYS } from '#core/dates.ts';
import { bareRule, DAYS, splitDay } from '#core/rrule.ts';
import type { Day, Freq, Rule } from '#core/rrule.ts';

/** The days of the month that not every month has. */
const LATE_DAYS = [28, 29, 30, 31];

/** Maps, since a plain object would also know "constructor". */
const NTHS = new Map([
  ['first', 1],
  ['1st', 1],
  ['second', 2],
  ['2nd', 2],
  ['third', 3],
  ['3rd', 3],
  ['fourth', 4],
  ['4th', 4],
  ['fifth', 5],
  ['5th', 5],
  ['last', -1],
]);
const STEPS = new Map<string, [Freq, number]>([
  ['day', ['DAILY', 1]],
  ['week', ['WEEKLY', 1]],
  ['month', ['MONTHLY', 1]],
  ['quarter', ['MONTHLY', 3]],
  ['year', ['YEARLY', 1]],
]);
/** One word for a step, said at length. */
const ADVERBS = new Map([
  ['daily', 'every day'],
  ['weekly', 'every week'],
  ['biweekly', 'every 2 weeks'],
  ['fortnightly', 'every 2 weeks'],
  ['monthly', 'every month'],
  ['quarterly', 'every quarter'],
  ['yearly', 'every year'],
  ['annually', 'every year'],
  ['weekdays', 'every weekday'],
  ['weekends', 'every weekend'],
]);

/** What stands after "on": the days inside a week, a month or a year. */
type Within = Partial<Rule> & { freq: Freq };

/**
 * The rule that words stand for, or null when they stand for none.
 *
 * `daily`, `every 3 weeks`, `every mon and thu`, `monthly on the 15th`,
 * `every last friday of the month`, `every 24 dec`; after each of them
 * `until 2027-01-01` or `5 times`. What the words leave open, the rule does.
 */
export function ruleOfWords(text: string): Rule | null {
  const words = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  const [, repeated = '', until, times] =
    /^(.*?)(?:,? until (\d{4}-\d\d-\d\d)|,? (?:for )?([1-9]\d{0,2}) times?)?$/.exec(words) ?? [];
  const rule = repetition(repeated);
  if (rule === null) return null;
  if (until !== undefined) {
    rule.until = parseDate(until, until);
    if (rule.until === null) return null;
  }
  if (times !== undefined) rule.count = Number(times);
  return rule;
}

/**
 * The rule of a day of the month: of the 29th, 30th and 31st, the last day in
 * months that are shorter.
 */
export function onDayOfMonth(day: number): Pick<Rule, 'byMonthDay' | 'bySetPos'> {
  return day > 28
    ? { byMonthDay: LATE_DAYS.filter((late) => late <= day), bySetPos: [-1] }
    : { byMonthDay: [day], bySetPos: [] };
}

/** The rule of a day of the year: of 29 February, the last day of that month. */
export function onDayOfYear(month: number, day: number): Pick<Rule, 'byMonth' | 'byMonthDay'> {
  return { byMonth: [month], byMonthDay: [month === 2 && day === 29 ? -1 : day] };
}

function repetition(words: string): Rule | null {
  const [, adverb = '', rest = ''] = /^(\w+)(.*)$/.exec(words) ?? [];
  const [, what] = /^every (.+)$/.exec(`${ADVERBS.get(adverb) ?? adverb}${rest}`) ?? [];
  if (what === undefined) return null;
  const stepped = /^(?:(other|[1-9]\d{0,3}) )?([a-z]+?)s?(?: on (?:the )?(.+))?$/.exec(what);
  const step = STEPS.get(stepped?.[2] ?? '');
  if (!stepped || !step) return daysAlone(what);
  const [, count = '1', , on] = stepped;
  const rule = bareRule(step[0], step[1] * (count === 'other' ? 2 : Number(count)));
  if (on === undefined) return rule;
  const within = withinWeek(on) ?? withinMonth(on) ?? withinYear(on);
  return within?.freq === rule.freq ? { ...rule, ...within } : null;
}

/** "every friday", "every 1st": the days say what is stepped over. */
function daysAlone(words: string): Rule | null {
  const [, other, days = ''] = /^(other )?(?:the )?(.+)$/.exec(words) ?? [];
  const within = withinWeek(days) ?? withinMonth(days) ?? withinYear(days);
  if (within === null) return null;
  // Every other weekday: of a week, or in every other week?
  if (other && (within.freq !== 'WEEKLY' || days.startsWith('weekday'))) return null;
  // Every second friday: of a month, or every two weeks?
  const isUnclear = within.byDay?.some((each) => splitDay(each).nth > 1) === true;
  if (isUnclear && !days.includes(' of ')) return null;
  return { ...bareRule(within.freq, other ? 2 : 1), ...within };
}

function withinWeek(words: string): Within | null {
  const [, named] = /^(weekday|weekend)s?$/.exec(words) ?? [];
  if (named === 'weekday') return { freq: 'WEEKLY', byDay: DAYS.slice(0, 5) };
  if (named === 'weekend') return { freq: 'WEEKLY', byDay: DAYS.slice(5) };
  const byDay = every(listed(words), dayOfWeek);
  return byDay && { freq: 'WEEKLY', byDay };
}

function withinMonth(words: string): Within | null {
  const items = listed(words.replace(/ of (the|every|each) month$/, ''));
  const byDay = every(items, nthDay);
  if (byDay) return { freq: 'MONTHLY', byDay };
  const days = every(items, dayOfMonth);
  const [first] = days ?? [];
  if (!days || first === undefined) return null;
  if (days.length === 1 && first > 0) return { freq: 'MONTHLY', ...onDayOfMonth(first) };
  // "The last day if there is none" cannot be said of one among several.
  return days.some((day) => day > 28) ? null : { freq: 'MONTHLY', byMonthDay: days };
}

function withinYear(words: string): Within | null {
  const [, within, name] = /^(.+) of ([a-z]+)$/.exec(words) ?? [];
  if (within !== undefined) {
    const month = monthOf(name);
    const byDay = every(listed(within), nthDay);
    if (month === null || (byDay === null && within !== 'last day')) return null;
    return { freq: 'YEARLY', byMonth: [month], ...(byDay ? { byDay } : { byMonthDay: [-1] }) };
  }
  const dated = /^(?:(\d{1,2})(?:st|nd|rd|th|\.)? ([a-z]+)|([a-z]+) (\d{1,2})(?:st|nd|rd|th)?)$/;
  const match = dated.exec(words);
  const month = monthOf(match?.[2] ?? match?.[3]);
  if (!match || month === null) return null;
  const day = Number(match[1] ?? match[4]);
  const inLeapYear = `2000-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  if (parseDate(inLeapYear, inLeapYear) === null) return null;
  return { freq: 'YEARLY', ...onDayOfYear(month, day) };
}

/** "a, b and c" */
function listed(words: string): string[] {
  return words.split(/, and |, | and |,/).map((each) => each.replace(/^the /, ''));
}

/** What each of them is, or null when one is nothing. */
function every<T>(items: string[], read: (item: string) => T | null): T[] | null {
  const values = items.map(read).filter((value) => value !== null);
  return values.length === items.length ? values : null;
}

function dayOfWeek(word: string): Day | null {
  const index =
    indexOfName(WEEKDAYS, word) ?? indexOfName(WEEKDAYS, word.replace(/(?<=day)s$/, ''));
  return index === null ? null : (DAYS[(index + 6) % 7] ?? null);
}

function nthDay(words: string): string | null {
  const [, place = '', name = ''] = /^(\w+) ([a-z]+)$/.exec(words) ?? [];
  const nth = NTHS.get(place);
  const day = dayOfWeek(name);
  return nth === undefined || day === null ? null : `${nth}${day}`;
}

function dayOfMonth(word: string): number | null {
  if (word === 'last day') return -1;
  const day = Number(/^(\d{1,2})(?:st|nd|rd|th)$/.exec(word)?.[1] ?? 0);
  return day >= 1 && day <= 31 ? day : null;
}

function monthOf(word: string | undefined): number | null {
  const index = indexOfName(MONTHS, word ?? '');
  return index === null ? null : index + 1;
}
