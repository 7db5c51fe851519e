import type { CivilDate } from '#core/dates.ts';
import { compareTasks } from '#core/ranking.ts';
import type { Attention, State, Task } from '#core/task.ts';
import type { Statements } from '#store/sqlite.ts';

/** The columns of a {@link Task}; `t`, `n` and `p` are its three tables. */
const TASK_COLUMNS = `
  SELECT t.n, n.id, n.title, t.state, t.attention, t.do_on AS doOn, t.late_from AS lateFrom,
         t.recurrence, t.recur_from AS recurFrom, p.id AS projectId, p.title AS projectName,
         ifnull(q.archived, 0) AS projectArchived, t.key, n.created_at AS createdAt,
         n.updated_at AS updatedAt, n.tombstoned,
         (SELECT json_group_array(tag) FROM tags WHERE tags.n = t.n) AS tags
    FROM tasks t
    JOIN nodes n ON n.n = t.n
    LEFT JOIN nodes p ON p.n = t.project AND p.tombstoned = 0
    LEFT JOIN projects q ON q.n = p.n`;

/** A row as SQLite gives it: tags as JSON, booleans as numbers. */
type RawTask = Omit<Task, 'tags' | 'projectArchived' | 'tombstoned'> & {
  n: number;
  tags: string;
  projectArchived: number;
  tombstoned: number;
};

function toTask(raw: RawTask): Task {
  const { n: _n, tags, projectArchived, tombstoned, ...task } = raw;
  return {
    ...task,
    tags: tags === '[]' ? [] : (JSON.parse(tags) as string[]).toSorted(),
    projectArchived: projectArchived === 1,
    tombstoned: tombstoned === 1,
  };
}

/** The tasks with these row numbers, in the order given. */
export function readTasks(sql: Statements, numbers: readonly number[]): Task[] {
  const rows = sql
    .of(`${TASK_COLUMNS} WHERE t.n IN (SELECT value FROM json_each(?))`)
    .all(JSON.stringify(numbers)) as RawTask[];
  const byNumber = new Map(rows.map((row) => [row.n, toTask(row)]));
  return numbers.flatMap((n) => byNumber.get(n) ?? []);
}

export function readTask(sql: Statements, n: number): Task {
  return toTask(sql.of(`${TASK_COLUMNS} WHERE t.n = ?`).get(n) as RawTask);
}

/** The one outstanding task that has a key, by row number. */
export function findByKey(sql: Statements, key: string): number | null {
  const n = sql.value('SELECT n FROM tasks WHERE open = 1 AND key = ? AND key IS NOT NULL', key);
  return (n as number | undefined) ?? null;
}

/** What to list; all that is given must hold. */
export interface TaskFilter {
  /** Row number. */
  project?: number | undefined;
  tag?: string | undefined;
  attention?: Attention | undefined;
  state?: State | undefined;
  key?: string | undefined;
  /** Only with no `doOn`, or one up to this day. */
  dueBy?: CivilDate | undefined;
  /** Also done and dropped ones, and those of archived projects. */
  all: boolean;
}

/**
 * Outstanding tasks in the order of `core/ranking.ts`, then the closed ones, newest change first, then by id.
 * @param has a further condition; what does not meet it is never held.
 */
export function listTasks(
  sql: Statements,
  filter: TaskFilter,
  today: CivilDate,
  has: (task: { n: number; title: string }) => boolean = () => true,
): Task[] {
  const { where, params } = conditions(filter);
  const tasks: Task[] = [];
  for (const row of sql.of(`${TASK_COLUMNS} WHERE ${where}`).iterate(...params)) {
    const raw = row as RawTask;
    if (has(raw)) tasks.push(toTask(raw));
  }
  const isOpen = (task: Task) => task.state === 'outstanding';
  return tasks.toSorted((a, b) => {
    if (isOpen(a) !== isOpen(b)) return isOpen(a) ? -1 : 1;
    if (isOpen(a)) return compareTasks(a, b, today);
    return b.updatedAt - a.updatedAt || (a.id < b.id ? -1 : 1);
  });
}

function conditions(filter: TaskFilter): { where: string; params: unknown[] } {
  const terms = ['n.tombstoned = 0'];
  const params: unknown[] = [];
  const add = (term: string, value: unknown) => {
    if (value === undefined) return;
    terms.push(term);
    params.push(value);
  };
  add('t.project = ?', filter.project);
  add('t.attention = ?', filter.attention);
  add('t.key = ? AND t.key IS NOT NULL', filter.key);
  add("ifnull(t.do_on, '') <= ?", filter.dueBy);
  add('t.n IN (SELECT n FROM tags WHERE tag = ?)', filter.tag);
  // Said in letters, so that SQLite sees which index has them.
  if (filter.state === 'outstanding' || (filter.state === undefined && !filter.all))
    terms.push('t.open = 1');
  else if (filter.state !== undefined) add('t.open = 0 AND t.state = ?', filter.state);
  // Naming an archived project is asking for its tasks.
  if (!filter.all && filter.project === undefined) terms.push('ifnull(q.archived, 0) = 0');
  return { where: terms.join(' AND '), params };
}
