import type { CivilDate } from '#core/dates.ts';
import type { Attention, Task } from '#core/task.ts';

/** What is next, in this order. `late` stands between red and the rest. */
export const TIERS = ['red', 'late', 'orange', 'white', 'blue'] as const;
export type Tier = (typeof TIERS)[number];

type Ranked = Pick<Task, 'attention' | 'lateFrom' | 'doOn' | 'createdAt' | 'id'>;

/** The tier of an outstanding task on a given day. */
export function tierOf(
  task: { attention: Attention; lateFrom: CivilDate | null },
  today: CivilDate,
): Tier {
  if (task.attention === 'red') return 'red';
  return task.lateFrom !== null && task.lateFrom <= today ? 'late' : task.attention;
}

/** Whether a task may be worked on today: outstanding, not put off, project alive. */
export function isCandidate(
  task: Pick<Task, 'state' | 'doOn' | 'projectArchived' | 'tombstoned'>,
  today: CivilDate,
): boolean {
  const hidden = task.doOn !== null && task.doOn > today;
  return task.state === 'outstanding' && !hidden && !task.projectArchived && !task.tombstoned;
}

/**
 * The one order of tasks, total because ids differ: tier, then earliest
 * `lateFrom`, then earliest `doOn` (none comes last), then oldest, then id.
 * The store answers it from an index (`store/next.ts`); a property test holds
 * the two together.
 */
export function compareTasks(a: Ranked, b: Ranked, today: CivilDate): number {
  return (
    TIERS.indexOf(tierOf(a, today)) - TIERS.indexOf(tierOf(b, today)) ||
    compareDates(a.lateFrom, b.lateFrom) ||
    compareDates(a.doOn, b.doOn) ||
    a.createdAt - b.createdAt ||
    compareText(a.id, b.id)
  );
}

function compareDates(a: CivilDate | null, b: CivilDate | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  return b === null ? -1 : compareText(a, b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
