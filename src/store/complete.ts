import type { NodeKind } from '#core/node.ts';
import { nextTasks } from '#store/next.ts';
import type { Statements } from '#store/sqlite.ts';

/** A node as it is offered. */
export interface Named {
  id: string;
  title: string;
}

/** After every text that begins so. */
const past = (prefix: string) => `${prefix}\u{10ffff}`;

/** Nodes of a kind whose names begin so, by name. */
export function nodesLike(sql: Statements, kind: NodeKind, prefix: string, limit: number): Named[] {
  return sql
    .of(
      `SELECT id, title FROM nodes
        WHERE kind = ? AND kind <> 'task' AND name >= ? AND name < ? AND tombstoned = 0
        ORDER BY name LIMIT ?`,
    )
    .all(kind, prefix, past(prefix), limit) as Named[];
}

/** Tags that begin so, by name. */
export function tagsLike(sql: Statements, prefix: string, limit: number): string[] {
  return sql
    .of('SELECT DISTINCT tag FROM tags WHERE tag >= ? AND tag < ? ORDER BY tag LIMIT ?')
    .pluck()
    .all(prefix, past(prefix), limit) as string[];
}

/** Keys of outstanding tasks that begin so. */
export function keysLike(sql: Statements, prefix: string, limit: number): string[] {
  return sql
    .of(
      `SELECT key FROM tasks
        WHERE open = 1 AND key IS NOT NULL AND key >= ? AND key < ? ORDER BY key LIMIT ?`,
    )
    .pluck()
    .all(prefix, past(prefix), limit) as string[];
}

/** The tasks that somebody most likely means: what is next. */
export function outstandingNow(sql: Statements, today: string, limit: number): Named[] {
  return nextTasks(sql, today, limit).map(({ id, title }) => ({ id, title }));
}
