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
  const found = theOne(ref, candidates(sql, ref, kind ?? null));
  if (!found) throw notThere(sql, ref, kind);
  return found;
}

/** Of nodes of one name in any letter case, those of exactly this title; all, where none is. */
export function calledSo(title: string, named: NodeRow[]): NodeRow[] {
  const exact = named.filter((row) => row.title === title);
  return exact.length > 0 ? exact : named;
}

/** The one that `ref` means; null where there is none. @throws {HephError} `ambiguous` */
export function theOne(ref: string, found: readonly NodeRow[]): NodeRow | null {
  if (found.length <= 1) return found[0] ?? null;
  const named = found.slice(0, CANDIDATES_MAX);
  throw new HephError({
    code: 'ambiguous',
    ref,
    candidates: named.map(({ node_id, kind, title }) => ({ node_id, kind, title })),
  });
}

/**
 * As {@link findNode}, for what is about to be changed: a whole id names what is deleted, too.
 * @throws {HephError} also `deleted`.
 */
export function findAlive(sql: Statements, ref: string, kind?: NodeKind): NodeRow {
  return checkAlive(sql, findNode(sql, ref, kind));
}

/** @throws {HephError} `deleted` */
export function checkAlive(sql: Statements, node: NodeRow): NodeRow {
  if (!isDeleted(sql, node)) return node;
  const { node_id, kind, title } = node;
  throw new HephError({ code: 'deleted', is: { node_id, kind, title } });
}

export function isDeleted(sql: Statements, { n }: Pick<NodeRow, 'n'>): boolean {
  return sql.value('SELECT tombstoned FROM nodes WHERE n = ?', n) === 1;
}

/**
 * As {@link findNode}, of any kind, for what people mostly give by name: where
 * there is none, it is said to be no such `kind`.
 */
export function findById(sql: Statements, ref: string, kind: NodeKind): NodeRow {
  try {
    return findNode(sql, ref);
  } catch (error) {
    const isUnknown = error instanceof HephError && error.problem.code === 'not_found';
    throw isUnknown ? new HephError({ code: 'not_found', kind, ref }) : error;
  }
}

/** Not there, or there and something else. */
function notThere(sql: Statements, ref: string, kind: NodeKind | undefined): HephError {
  const others = kind === undefined ? [] : candidates(sql, ref, null);
  const [other] = others;
  if (kind === undefined || !other || others.length > 1)
    return new HephError({ code: 'not_found', kind: kind ?? 'node', ref });
  const { node_id, kind: of, title } = other;
  return new HephError({ code: 'wrong_kind', ref, wanted: kind, is: { node_id, kind: of, title } });
}

function candidates(sql: Statements, ref: string, kind: NodeKind | null): NodeRow[] {
  const part = idPart(ref);
  if (part === null) return [];
  const columns =
    'SELECT n, id AS node_id, kind, title, updated_at FROM nodes WHERE kind = ifnull(@kind, kind)';
  const exact = sql.of(`${columns} AND id = @part`).get({ kind, part }) as NodeRow | undefined;
  if (exact) return [exact];
  // Both sides are index ranges: by the id, and by its last four characters.
  const alike = (where: string) =>
    `SELECT * FROM (${columns} AND tombstoned = 0 AND ${where} LIMIT ${CANDIDATES_MAX + 1})`;
  const begins = alike('id >= @part AND id < @past');
  const ends = alike('substr(id, -4) = @tail AND substr(id, -length(@part)) = @part');
  const params = { kind, part, past: `${part}~`, tail: part.slice(-4) };
  return sql.of(`${begins} UNION ${ends}`).all(params) as NodeRow[];
}

/** The shortest end of an id that means no other node now, 4 characters or more. */
export function shortId(sql: Statements, id: string): string {
  const others = sql
    .of('SELECT id FROM nodes WHERE substr(id, -4) = ? AND id <> ?')
    .pluck()
    .all(id.slice(-4), id) as string[];
  const isBeginning = (part: string) =>
    sql.value('SELECT n FROM nodes WHERE id >= ? AND id < ? AND id <> ?', part, `${part}~`, id) !==
    undefined;
  const isShared = (part: string) =>
    others.some((other) => other.endsWith(part)) || isBeginning(part);
  let length = ID_PART_CHARS_MIN;
  while (isShared(id.slice(-length))) length++;
  return id.slice(-length);
}
