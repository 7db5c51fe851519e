import type { NodeKind } from '#core/node.ts';
import { nameOf } from '#core/text.ts';
import { linksIn } from '#core/wiki-links.ts';
import { readBody } from '#store/bodies.ts';
import type { Statements } from '#store/sqlite.ts';

/** A node that a link leads to or comes from. */
export interface LinkedNode {
  n: number;
  id: string;
  kind: NodeKind;
  title: string;
}

/** Remember where a body's links lead. */
export function indexLinks(sql: Statements, n: number, body: string): void {
  sql.of('DELETE FROM links WHERE n = ?').run(n);
  for (const { target } of linksIn(body)) {
    sql
      .of('INSERT OR IGNORE INTO links (n, target, name) VALUES (?, ?, ?)')
      .run(n, target, nameOf(target));
  }
}

const NODE = 'SELECT n, id, kind, title FROM nodes';

/**
 * The node that a link leads to, or null: the one with that id; else of those
 * with that title, in whatever letter case, the one written just so, and of
 * several the first that was there.
 */
export function resolveLink(sql: Statements, target: string): LinkedNode | null {
  const byId = sql.of(`${NODE} WHERE id = ? AND tombstoned = 0`).get(target.toUpperCase());
  if (byId) return byId as LinkedNode;
  const named = sql
    .of(`${NODE} WHERE name = ? AND tombstoned = 0 ORDER BY n`)
    .all(nameOf(target)) as LinkedNode[];
  return named.find(({ title }) => title === target) ?? named[0] ?? null;
}

/** Where the links of a node lead, in the order of its body, each once. */
export function linksOf(
  sql: Statements,
  n: number,
): { target: string; text: string | null; to: LinkedNode | null }[] {
  const seen = new Set<string>();
  return linksIn(readBody(sql, n)).flatMap(({ target, text }) => {
    if (seen.has(target)) return [];
    seen.add(target);
    return [{ target, text, to: resolveLink(sql, target) }];
  });
}

/** The nodes whose bodies link to this one, in the order of their titles. */
export function backlinksOf(sql: Statements, node: LinkedNode): LinkedNode[] {
  const from = linksTo(sql, node.id, node.title).filter(
    ({ target }) => resolveLink(sql, target)?.n === node.n,
  );
  const numbers = JSON.stringify([...new Set(from.map(({ n }) => n))]);
  return sql
    .of(`${NODE} WHERE n IN (SELECT value FROM json_each(?)) AND tombstoned = 0 ORDER BY title, id`)
    .all(numbers) as LinkedNode[];
}

/** Each link that is written with one of these titles or ids, in whatever letter case. */
export function linksTo(sql: Statements, ...targets: string[]): { n: number; target: string }[] {
  return sql
    .of('SELECT n, target FROM links WHERE name IN (SELECT value FROM json_each(?))')
    .all(JSON.stringify(targets.map(nameOf))) as { n: number; target: string }[];
}
