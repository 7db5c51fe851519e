/** A day in the calendar, `YYYY-MM-DD`, in no time zone at all. Sorts as text. */
export type CivilDate = string;

const DAY_MS = 86_400_000;
/** From Sunday, as `Date` counts. */
export const WEEKDAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
];
export const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
type Unit = 'day' | 'week' | 'month' | 'year';

/**
 * A date as people say it, or null when it is none.
 *
 * `today`, `tomorrow`, `yesterday`, `+3d`, `-1w`, `in 2 months`, `fri`,
 * `next friday`, `next week`, `end of month`, `24 dec`, `dec 24`, `2026-12-24`.
 * A weekday is the next one after today; a day and month without a year is the
 * next such day, today included.
 */
export function parseDate(text: string, today: CivilDate): CivilDate | null {
  const words = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  const date =
    parseIso(words) ??
    parseNamed(words, today) ??
    parseOffset(words, today) ??
    parseWeekday(words, today) ??
    parseMonthDay(words, today);
  // "+9999y" leads out of the years that four digits can write, and that sort as text.
  return date === null ? null : parseIso(date);
}

/** The given day, `count` days later (or earlier). */
export function addDays(date: CivilDate, count: number): CivilDate {
  return fromUtc(toUtc(date) + count * DAY_MS);
}

/** The given day, `count` months later; the 31st becomes the last day of a shorter month. */
export function addMonths(date: CivilDate, count: number): CivilDate {
  const { year, month, day } = parts(date);
  const months = year * 12 + (month - 1) + count;
  return clamped(Math.floor(months / 12), (months % 12) + 1, day);
}

/** Whole days from one date to another. */
export function daysBetween(from: CivilDate, to: CivilDate): number {
  return Math.round((toUtc(to) - toUtc(from)) / DAY_MS);
}

/** Year, month (1 to 12) and day of a civil date. */
export function parts(date: CivilDate): { year: number; month: number; day: number } {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return { year, month, day };
}

/** Index of the one name that `word` is, or is at least the first three letters of. */
export function indexOfName(names: string[], word: string): number | null {
  if (word.length < 3) return null;
  const index = names.findIndex((name) => name.startsWith(word));
  return index === -1 ? null : index;
}

function parseIso(words: string): CivilDate | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(words)) return null;
  // Only a day that the calendar has comes back as it went in.
  return fromUtc(toUtc(words)) === words && parts(words).year > 0 ? words : null;
}

function parseNamed(words: string, today: CivilDate): CivilDate | null {
  const { year, month } = parts(today);
  switch (words) {
    case 'today':
      return today;
    case 'tomorrow':
      return addDays(today, 1);
    case 'yesterday':
      return addDays(today, -1);
    case 'end of month':
    case 'eom':
      return clamped(year, month, 31);
    case 'end of year':
    case 'eoy':
      return clamped(year, 12, 31);
    default:
      return null;
  }
}

function parseOffset(words: string, today: CivilDate): CivilDate | null {
  const next = /^next (week|month|year)$/.exec(words);
  if (next) return shift(today, 1, next[1] as Unit);
  const short = /^([+-])(\d{1,5})([dwmy])$/.exec(words);
  const units: Record<string, Unit> = { d: 'day', w: 'week', m: 'month', y: 'year' };
  if (short) return shift(today, Number(`${short[1]}${short[2]}`), units[short[3] ?? 'd'] ?? 'day');
  const long = /^in (a|an|one|\d{1,5}) (day|week|month|year)s?$/.exec(words);
  if (!long) return null;
  const count = /^\d/.test(long[1] ?? '') ? Number(long[1]) : 1;
  return shift(today, count, long[2] as Unit);
}

function parseWeekday(words: string, today: CivilDate): CivilDate | null {
  const named = indexOfName(WEEKDAYS, words.replace(/^(next|on) /, ''));
  if (named === null) return null;
  const now = new Date(toUtc(today)).getUTCDay();
  return addDays(today, ((named - now + 6) % 7) + 1);
}

function parseMonthDay(words: string, today: CivilDate): CivilDate | null {
  const match = /^(?:(\d{1,2})\.? ([a-z]+)|([a-z]+) (\d{1,2}))(?: (\d{4}))?$/.exec(words);
  if (!match) return null;
  const month = indexOfName(MONTHS, match[2] ?? match[3] ?? '');
  const day = Number(match[1] ?? match[4]);
  if (month === null) return null;
  const inYear = (year: number) => parseIso(`${pad(year, 4)}-${pad(month + 1)}-${pad(day)}`);
  if (match[5]) return inYear(Number(match[5]));
  const { year } = parts(today);
  // Up to eight years on, so that "29 feb" finds its next leap year.
  for (let ahead = 0; ahead <= 8; ahead++) {
    const date = inYear(year + ahead);
    if (date !== null && date >= today) return date;
  }
  return null;
}

function shift(date: CivilDate, count: number, unit: Unit): CivilDate {
  if (unit === 'day') return addDays(date, count);
  if (unit === 'week') return addDays(date, count * 7);
  return addMonths(date, unit === 'month' ? count : count * 12);
}

function clamped(year: number, month: number, day: number): CivilDate {
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return `${pad(year, 4)}-${pad(month)}-${pad(Math.min(day, last))}`;
}

function toUtc(date: CivilDate): number {
  const { year, month, day } = parts(date);
  return Date.UTC(year, month - 1, day);
}

function fromUtc(ms: number): CivilDate {
  return new Date(ms).toISOString().slice(0, 10);
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
