import { parseDate, type CivilDate } from '#core/dates.ts';

/** The day of a moment. @param zone as in `Europe/Berlin`; the machine's, where undefined. */
export function dayOf(ms: number, zone: string | undefined): CivilDate {
  return wallClock(ms, zone).slice(0, 10);
}

/** A moment as people write it: `2026-11-27 18:00`, or only the day where it is midnight. */
export function writtenMoment(ms: number, zone: string | undefined): string {
  const text = wallClock(ms, zone);
  return text.endsWith(' 00:00') ? text.slice(0, 10) : text;
}

/**
 * A moment on a day: noon in UTC, which is that same day nearly everywhere. Null
 * for what is no day, and for one before 1970: no moment of a node is as old.
 */
export function noonMs(text: string): number | null {
  if (!isDay(text)) return null;
  const ms = Date.parse(`${text}T12:00:00Z`);
  return ms < 0 ? null : ms;
}

/** `YYYY-MM-DD`, and a day that the calendar has. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && parseDate(text, text) !== null;
}

/** `YYYY-MM-DD HH:MM`. */
function wallClock(ms: number, zone: string | undefined): string {
  const known = formats.get(zone);
  const format =
    known ??
    new Intl.DateTimeFormat('en', {
      timeZone: zone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
  if (!known) formats.set(zone, format);
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  const { year = '', month, day, hour, minute } = part;
  return `${year.padStart(4, '0')}-${month}-${day} ${hour}:${minute}`;
}

/** Kept, since a file has thousands of dates and one zone. */
const formats = new Map<string | undefined, Intl.DateTimeFormat>();
