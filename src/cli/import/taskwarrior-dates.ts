import { dayOf, writtenMoment } from '#cli/import/civil.ts';
import { periodOf, periodsLater, ruleOf, type Period } from '#cli/import/taskwarrior-period.ts';
import { addDays, daysBetween, type CivilDate } from '#core/dates.ts';
import { parseRecurrence } from '#core/recurrence.ts';

/** Attributes in which the occurrences of a task differ by nature. */
export const OF_THE_DAY = ['due', 'wait', 'scheduled', 'recur', 'until'];

interface Dates {
  lateFrom: CivilDate | null;
  doOn: CivilDate | null;
  recurrence: string | null;
  /** What could not be read. */
  odd: string[];
}

type Attributes = Readonly<Record<string, unknown>>;

/**
 * The days of a task. One that repeats has those of its first occurrence that
 * waits; where none does, those of the next one that Taskwarrior would make.
 * @param taken gets the attributes that the days say in full.
 */
export function datesOf(
  task: Attributes,
  occurrences: Attributes[],
  taken: Set<string>,
  zone: string | undefined,
): Dates {
  const odd: string[] = [];
  const [first = task] = occurrences;
  const lateFrom = latestDay(first, ['due'], taken, odd, zone);
  const doOn = latestDay(first, ['wait', 'scheduled'], taken, odd, zone);
  const period = task['status'] === 'recurring' ? readPeriod(task['recur'], taken, odd) : null;
  if (period === null) return { lateFrom, doOn, recurrence: null, odd };
  const rule = ruleOf(period) + untilOf(task, taken, zone);
  const recurrence = pinned(rule, task['due'], zone);
  if (lateFrom === null || occurrences.length > 0) return { lateFrom, doOn, recurrence, odd };
  const next = periodsLater(lateFrom, period, made(task['mask']));
  const hidden = doOn === null ? null : addDays(doOn, daysBetween(lateFrom, next));
  return { lateFrom: next, doOn: hidden, recurrence, odd };
}

/** Epoch milliseconds of `20261124T225201Z`, which is UTC; null for anything else. */
export function stampMs(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const iso = value.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const ms = iso === value ? Number.NaN : Date.parse(iso);
  return Number.isNaN(ms) || ms < 0 ? null : ms;
}

/** The latest day of those attributes. In full it says one that has no hour, and no other day. */
function latestDay(
  task: Attributes,
  attributes: string[],
  taken: Set<string>,
  odd: string[],
  zone: string | undefined,
): CivilDate | null {
  const moments = attributes
    .filter((name) => task[name] !== undefined)
    .map((name) => ({ name, ms: stampMs(task[name]) }));
  const latestMs = Math.max(...moments.map(({ ms }) => ms ?? -1));
  const latest = latestMs < 0 ? null : dayOf(latestMs, zone);
  for (const { name, ms } of moments) {
    if (ms === null) odd.push(`cannot read "${name}" as a moment`);
    else if (writtenMoment(ms, zone) === latest) taken.add(name);
  }
  return latest;
}

/** By the day of the template, whatever day an occurrence has been put off to. */
function pinned(rule: string, due: unknown, zone: string | undefined): string {
  const ms = stampMs(due);
  return (ms === null ? null : parseRecurrence(rule, 'schedule', dayOf(ms, zone))) ?? rule;
}

/** How many occurrences there have been: the mask has a letter for each. */
function made(mask: unknown): number {
  return typeof mask === 'string' ? mask.length : 0;
}

function readPeriod(text: unknown, taken: Set<string>, odd: string[]): Period | null {
  if (typeof text !== 'string') return null;
  const period = periodOf(text);
  if (period === null) odd.push(`cannot repeat a task every "${text}"`);
  else taken.add('recur');
  return period;
}

function untilOf(task: Attributes, taken: Set<string>, zone: string | undefined): string {
  const ms = stampMs(task['until']);
  if (ms === null) return '';
  taken.add('until');
  return `;UNTIL=${dayOf(ms, zone).replaceAll('-', '')}`;
}
