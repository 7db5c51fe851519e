import type { Change } from '#core/change.ts';
import { applySplice, type Splice } from '#core/splice.ts';
import { newUlid } from '#node/new-id.ts';
import { applyChange } from '#store/apply.ts';
import { problemsIn } from '#store/check.ts';
import { Store } from '#store/store.ts';
import type { Statements } from '#store/sqlite.ts';

interface Entry {
  node: string;
  field: string;
  value: string | null;
  back: string | null;
  hlc: string;
}

/** What a log must lead to; times of change follow from the log's own, and search from the texts. */
const TABLES: Readonly<Record<string, string>> = {
  nodes: 'SELECT id, kind, title, name, created_at, tombstoned FROM nodes ORDER BY id',
  tasks: `SELECT nodes.id, tasks.created_at, open, state, attention, do_on, late_from, recurrence,
            recur_from, key, p.id AS project
          FROM tasks JOIN nodes USING (n) LEFT JOIN nodes AS p ON p.n = tasks.project ORDER BY 1`,
  projects: 'SELECT id, archived FROM projects JOIN nodes USING (n) ORDER BY id',
  journals: 'SELECT id, day FROM journals JOIN nodes USING (n) ORDER BY id',
  tags: 'SELECT id, tag FROM tags JOIN nodes USING (n) ORDER BY id, tag',
  logs: `SELECT log_entries.id, nodes.id AS node, at_ms, text
         FROM log_entries JOIN nodes USING (n) ORDER BY 1`,
  bodies: 'SELECT id, text FROM bodies JOIN nodes USING (n) ORDER BY id',
  links: 'SELECT id, target, links.name FROM links JOIN nodes USING (n) ORDER BY id, target',
};

/**
 * What is wrong with a store that no daemon has open: SQLite's own check, and
 * whether its change log, played from the beginning into an empty store, leads
 * to the same rows. Bodies are played backwards, as the log keeps them.
 */
export function storeProblems(path: string): string[] {
  using store = new Store(path, newUlid);
  using empty = new Store(':memory:', newUlid);
  const problems = problemsIn(store.sql);
  const log = store.sql
    .of(
      `SELECT node, field, value, back, hlc FROM changes JOIN transactions USING (tx) ORDER BY seq`,
    )
    .all() as Entry[];
  const bodies = bodiesOf(store.sql, log, problems);
  for (const [nth, { node, field, value }] of log.entries()) {
    const now = field === 'body' ? bodies.get(nth) : JSON.parse(value ?? 'null');
    applyChange(empty.sql, { node, field, value: now } as Change, 0);
  }
  for (const [name, query] of Object.entries(TABLES)) {
    const [is, played] = [store.sql, empty.sql].map((sql) => JSON.stringify(sql.of(query).all()));
    if (is !== played) problems.push(`${name}: the log leads to something else`);
  }
  return problems;
}

/** What each body was after each of its entries; what it was before the first must be nothing. */
function bodiesOf(sql: Statements, log: readonly Entry[], problems: string[]): Map<number, string> {
  const texts = new Map<string, string>();
  const after = new Map<number, string>();
  for (const [nth, { node, field, back }] of [...log.entries()].toReversed()) {
    if (field !== 'body') continue;
    const text = texts.get(node) ?? bodyOf(sql, node);
    after.set(nth, text);
    texts.set(node, applySplice(text, JSON.parse(back ?? 'null') as Splice));
  }
  for (const [node, text] of texts)
    if (text !== '') problems.push(`${node}: its body began with ${JSON.stringify(text)}`);
  return after;
}

function bodyOf(sql: Statements, node: string): string {
  const text = sql.value('SELECT text FROM bodies JOIN nodes USING (n) WHERE id = ?', node);
  return typeof text === 'string' ? text : '';
}
