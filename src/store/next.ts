import type { CivilDate } from '#core/dates.ts';
import { TIERS, type Tier } from '#core/ranking.ts';
import type { Task } from '#core/task.ts';
import type { Statements } from '#store/sqlite.ts';
import { TASK_COLUMNS, toTask, type RawTask } from '#store/tasks.ts';

/** How "no date" stands in `late_key` and `do_key`: after every day. */
const NONE = '9999-99-99';

const ALIVE = 't.open = 1 AND ifnull(q.archived, 0) = 0';
const ORDER = 'ORDER BY t.late_key, t.do_key, t.created_at, n.id LIMIT @limit';
const AWAKE = `(t.do_key <= @today OR t.do_key = '${NONE}')`;

/**
 * The first `limit` tasks of the order in `core/ranking.ts`, each found by
 * walking an index in that order: the cost does not grow with the store.
 *
 * Inside a tier three ranges follow each other: those with a `late_from`; then,
 * without one, those whose day has come; then those with no date at all. Cut
 * like this, tasks put off to a later day are never walked over, save those
 * that also have a `late_from`.
 */
export function nextTasks(sql: Statements, today: CivilDate, limit: number): Task[] {
  const tasks: Task[] = [];
  for (const [tier, ranges] of RANGES) {
    for (const range of ranges) {
      if (tasks.length >= limit) return tasks;
      const params = { today, tier, limit: limit - tasks.length };
      tasks.push(...(sql.of(range).all(params) as RawTask[]).map(toTask));
    }
  }
  return tasks;
}

const RANGES: [Tier, string[]][] = TIERS.map((tier) => [tier, rangesOf(tier)]);

function rangesOf(tier: Tier): string[] {
  const select = (where: string) => `${TASK_COLUMNS} WHERE ${ALIVE} AND ${where} ${ORDER}`;
  if (tier === 'late') {
    // Named so that SQLite walks tasks_by_lateness: @tier is bound but has no part in it.
    return [
      select(
        `t.late_from IS NOT NULL AND t.late_key <= @today AND t.attention <> 'red' AND ${AWAKE} AND @tier = 'late'`,
      ),
    ];
  }
  const mine = 't.attention = @tier';
  const after = tier === 'red' ? "''" : '@today';
  return [
    select(`${mine} AND t.late_key > ${after} AND t.late_key < '${NONE}' AND ${AWAKE}`),
    select(`${mine} AND t.late_key = '${NONE}' AND t.do_key <= @today`),
    select(`${mine} AND t.late_key = '${NONE}' AND t.do_key = '${NONE}'`),
  ];
}
