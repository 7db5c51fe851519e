import type { CivilDate } from '#core/dates.ts';
import { TIERS, type Tier } from '#core/ranking.ts';
import type { Task } from '#core/task.ts';
import type { Statements } from '#store/sqlite.ts';
import { readTasks } from '#store/tasks.ts';

/** How "no date" stands in `late_key` and `do_key`: after every day. */
const NONE = '9999-99-99';

/**
 * The first `limit` tasks of the order in `core/ranking.ts`, found by walking
 * indexes in that order: the cost does not grow with the store.
 *
 * One statement finds them, a range after another, and stops at the limit.
 * Inside a tier three ranges follow each other: those with a `late_from`; then,
 * without one, those whose day has come; then those with no date at all. Cut
 * like this, tasks put off to a later day are never walked over, save those
 * that also have a `late_from`.
 */
export function nextTasks(sql: Statements, today: CivilDate, limit: number): Task[] {
  return readTasks(sql, sql.of(NEXT).pluck().all({ today, limit }) as number[]);
}

const NEXT = `${TIERS.flatMap(rangesOf).join('\nUNION ALL\n')}\nLIMIT @limit`;

function rangesOf(tier: Tier): string[] {
  const awake = `(t.do_key <= @today OR t.do_key = '${NONE}')`;
  // Phrased with IS NOT NULL, so that SQLite walks the index on lateness.
  if (tier === 'late') {
    return [
      range(
        `t.late_from IS NOT NULL AND t.late_key <= @today AND t.attention <> 'red' AND ${awake}`,
      ),
    ];
  }
  const mine = `t.attention = '${tier}'`;
  const after = tier === 'red' ? "''" : '@today';
  return [
    range(`${mine} AND t.late_key > ${after} AND t.late_key < '${NONE}' AND ${awake}`),
    range(`${mine} AND t.late_key = '${NONE}' AND t.do_key <= @today`),
    range(`${mine} AND t.late_key = '${NONE}' AND t.do_key = '${NONE}'`),
  ];
}

/** In a subquery, because each range has an order of its own. */
function range(where: string): string {
  return `SELECT n FROM (
    SELECT t.n FROM tasks t JOIN nodes n ON n.n = t.n
      LEFT JOIN nodes p ON p.n = t.project AND p.tombstoned = 0
      LEFT JOIN projects q ON q.n = p.n
     WHERE t.open = 1 AND ifnull(q.archived, 0) = 0 AND ${where}
     ORDER BY t.late_key, t.do_key, t.created_at, n.id LIMIT @limit)`;
}
