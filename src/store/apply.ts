import type { Change, LogEntry } from '#core/change.ts';
import type { Ulid } from '#core/ids.ts';
import { nameOf } from '#core/text.ts';
import { indexLinks } from '#store/links.ts';
import type { Statements } from '#store/sqlite.ts';

/**
 * Put one change into the tables: the only place that writes them.
 * @param atMs becomes the node's `updated_at`.
 */
export function applyChange(sql: Statements, change: Change, atMs: number): void {
  if (change.field === 'created') {
    create(sql, change.node, change.value.kind, change.value.at_ms);
    return;
  }
  const n = numberOf(sql, change.node);
  sql.of('UPDATE nodes SET updated_at = ? WHERE n = ?').run(atMs, n);
  set(sql, n, change);
}

/** The row number behind an id that is known to exist. */
export function numberOf(sql: Statements, id: Ulid): number {
  return sql.value('SELECT n FROM nodes WHERE id = ?', id) as number;
}

function create(sql: Statements, id: Ulid, kind: string, atMs: number): void {
  const { lastInsertRowid: n } = sql
    .of('INSERT INTO nodes (id, kind, created_at, updated_at) VALUES (?, ?, ?, ?)')
    .run(id, kind, atMs, atMs);
  if (kind === 'task') sql.of('INSERT INTO tasks (n, created_at) VALUES (?, ?)').run(n, atMs);
  if (kind === 'project') sql.of('INSERT INTO projects (n) VALUES (?)').run(n);
  if (kind === 'journal') sql.of('INSERT INTO journals (n) VALUES (?)').run(n);
}

function set(sql: Statements, n: number, change: Exclude<Change, { field: 'created' }>): void {
  const { field, value } = change;
  switch (field) {
    case 'title':
      sql.of('UPDATE nodes SET title = ?, name = ? WHERE n = ?').run(value, nameOf(value), n);
      return;
    case 'updated':
      sql.of('UPDATE nodes SET updated_at = ? WHERE n = ?').run(value, n);
      return;
    case 'day':
      sql.of('UPDATE journals SET day = ? WHERE n = ?').run(value, n);
      return;
    case 'body':
      sql
        .of(
          'INSERT INTO bodies (n, text) VALUES (?, ?) ON CONFLICT (n) DO UPDATE SET text = excluded.text',
        )
        .run(n, value);
      indexLinks(sql, n, value);
      return;
    case 'tombstoned':
      sql.of('UPDATE nodes SET tombstoned = ? WHERE n = ?').run(Number(value), n);
      setOpen(sql, n);
      return;
    case 'archived':
      sql.of('UPDATE projects SET archived = ? WHERE n = ?').run(Number(value), n);
      return;
    case 'project':
      sql
        .of('UPDATE tasks SET project = ? WHERE n = ?')
        .run(value === null ? null : numberOf(sql, value), n);
      return;
    case 'state':
      sql.of('UPDATE tasks SET state = ? WHERE n = ?').run(value, n);
      setOpen(sql, n);
      return;
    case 'attention':
    case 'do_on':
    case 'late_from':
    case 'recurrence':
    case 'recur_from':
    case 'key':
      sql.of(`UPDATE tasks SET ${field} = ? WHERE n = ?`).run(value, n);
      return;
    default:
      if (typeof value === 'boolean') setTag(sql, n, field.slice('tag:'.length), value);
      else setLogEntry(sql, n, field.slice('log:'.length), value);
  }
}

function setLogEntry(sql: Statements, n: number, id: string, entry: LogEntry | null): void {
  if (entry === null) {
    sql.of('DELETE FROM log_entries WHERE id = ?').run(id);
    return;
  }
  const { at_ms: atMs, text } = entry;
  sql
    .of('INSERT OR REPLACE INTO log_entries (id, n, at_ms, text) VALUES (?, ?, ?, ?)')
    .run(id, n, atMs, text);
}

function setOpen(sql: Statements, n: number): void {
  sql
    .of(
      `UPDATE tasks SET open = state = 'outstanding'
         AND NOT (SELECT tombstoned FROM nodes WHERE nodes.n = tasks.n) WHERE n = ?`,
    )
    .run(n);
}

function setTag(sql: Statements, n: number, tag: string, present: boolean): void {
  const text = present
    ? 'INSERT OR IGNORE INTO tags (n, tag) VALUES (?, ?)'
    : 'DELETE FROM tags WHERE n = ? AND tag = ?';
  sql.of(text).run(n, tag);
}
