import type { NodeKind } from '#core/node.ts';
import { ftsQuery, snippetOf, type Term } from '#core/search-query.ts';
import type { State } from '#core/task.ts';
import { readBody } from '#store/bodies.ts';
import { readLog } from '#store/log-entries.ts';
import type { Statements } from '#store/sqlite.ts';

/** A node that has what was looked for, and the first place where it has it. */
export interface Hit {
  id: string;
  kind: NodeKind;
  title: string;
  state: State | null;
  where: 'title' | 'body' | 'log';
  snippet: string;
}

/** Up to so many matches, all are ranked; of more, the newest {@link RANKED}: ranking costs what matches. */
const RANKED_WHOLE = 5000;
const RANKED = 1000;

/** A word in a title counts for more than one in a body, and that for more than one in a log. */
const RANK = 'bm25(search, 8.0, 2.0, 1.0)';

/** The best matches first. */
export function searchNodes(sql: Statements, terms: readonly Term[], limit: number): Hit[] {
  const query = ftsQuery(terms);
  const numbers = isCommon(sql, query) ? newest(sql, query) : best(sql, query);
  return numbers.slice(0, limit).map((n) => hit(sql, n, terms));
}

const ALIVE = 'EXISTS (SELECT 1 FROM nodes WHERE nodes.n = search.rowid AND tombstoned = 0)';

function isCommon(sql: Statements, query: string): boolean {
  const matches = sql.value(
    `SELECT count(*) FROM (SELECT rowid FROM search WHERE search MATCH ? LIMIT ${RANKED_WHOLE + 1})`,
    query,
  ) as number;
  return matches > RANKED_WHOLE;
}

function best(sql: Statements, query: string): number[] {
  return sql
    .of(`SELECT rowid FROM search WHERE search MATCH ? AND ${ALIVE} ORDER BY ${RANK}, rowid DESC`)
    .pluck()
    .all(query) as number[];
}

function newest(sql: Statements, query: string): number[] {
  return sql
    .of(
      `SELECT n FROM (
         SELECT rowid AS n, ${RANK} AS rank FROM search
          WHERE search MATCH ? AND ${ALIVE} ORDER BY rowid DESC LIMIT ${RANKED})
        ORDER BY rank, n DESC`,
    )
    .pluck()
    .all(query) as number[];
}

function hit(sql: Statements, n: number, terms: readonly Term[]): Hit {
  const node = sql
    .of(
      `SELECT id, kind, title, (SELECT state FROM tasks WHERE tasks.n = nodes.n) AS state
         FROM nodes WHERE n = ?`,
    )
    .get(n) as Pick<Hit, 'id' | 'kind' | 'title' | 'state'>;
  return { ...node, ...place(sql, n, node.title, terms) };
}

function place(
  sql: Statements,
  n: number,
  title: string,
  terms: readonly Term[],
): Pick<Hit, 'where' | 'snippet'> {
  const inTitle = snippetOf(title, terms);
  if (inTitle !== null) return { where: 'title', snippet: inTitle };
  const inBody = snippetOf(readBody(sql, n), terms);
  if (inBody !== null) return { where: 'body', snippet: inBody };
  const inLog = readLog(sql, n).map(({ text }) => snippetOf(text, terms));
  return { where: 'log', snippet: inLog.find((found) => found !== null) ?? '' };
}
