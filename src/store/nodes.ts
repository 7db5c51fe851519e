import { HephError, type NodeRef } from '#core/errors.ts';
import { ID_PART_CHARS_MIN, idPart } from '#core/ids.ts';
import type { NodeKind } from '#core/node.ts';
import type { Statements } from '#store/sqlite.ts';

export interface NodeRow extends NodeRef {
  n: number;
  updated_at: number;
}

/** How many candidates an ambiguous id names. */
const CANDIDATES_MAX = 10;

/**
 * The one node that an id, or a beginning or end of one, means.
 * @param kind only nodes of this kind count, where given.
 * @throws {HephError} `not_found` or `ambiguous`.
 */
export function findNode(sql: Statements, ref: string, kind?: NodeKind): NodeRow {
  const found = candidates(sql, ref).filter((row) => kind === undefined || row.kind === kind);
  const [first] = found;
  if (!first) throw new HephError({ code: 'not_found', kind: kind ?? 'node', ref });
  if (found.length === 1) return first;
  const named = found.slice(0, CANDIDATES_MAX);
  throw new HephError({
    code: 'ambiguous',
    ref,
    candidates: named.map(({ node_id, kind: of, title }) => ({ node_id, kind: of, title })),
  });
}

function candidates(sql: Statements, ref: string): NodeRow[] {
  const part = idPart(ref);
  if (part === null) return [];
  const columns = 'SELECT n, id AS node_id, kind, title, updated_at FROM nodes';
  const exact = sql.of(`${columns} WHERE id = ?`).get(part) as NodeRow | undefined;
  if (exact) return [exact];
  // Both sides are index ranges: by the id, and by its last four characters.
  return sql
    .of(
      `${columns} WHERE tombstoned = 0 AND id >= ? AND id < ?
       UNION ${columns} WHERE tombstoned = 0 AND substr(id, -4) = ? AND substr(id, -?) = ?
       LIMIT ${CANDIDATES_MAX + 1}`,
    )
    .all(part, `${part}~`, part.slice(-4), part.length, part) as NodeRow[];
}

/** The shortest end of an id that no other node's id shares now, 4 characters or more. */
export function shortId(sql: Statements, id: string): string {
  const others = sql
    .of('SELECT id FROM nodes WHERE substr(id, -4) = ? AND id <> ?')
    .pluck()
    .all(id.slice(-4), id) as string[];
  let length = ID_PART_CHARS_MIN;
  for (const other of others) {
    while (other.endsWith(id.slice(-length))) length++;
  }
  return id.slice(-length);
}
