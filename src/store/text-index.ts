import { searchable } from '#core/search-query.ts';
import { nameOf } from '#core/text.ts';
import { readBody } from '#store/bodies.ts';
import { indexLinks } from '#store/links.ts';
import { readLog } from '#store/log-entries.ts';
import { Statements, type Database } from '#store/sqlite.ts';

/** Put a node's texts, as they are now, where the full-text search finds them. */
export function indexText(sql: Statements, n: number): void {
  const title = sql.value('SELECT title FROM nodes WHERE n = ?', n) as string;
  const log = readLog(sql, n).map(({ text }) => text);
  const texts = [title, readBody(sql, n), log.join('\n')];
  sql
    .of('INSERT OR REPLACE INTO search (rowid, title, body, log) VALUES (?, ?, ?, ?)')
    .run(n, ...texts.map(searchable));
}

/** All that follows from texts, for a store that has just got the tables for it. */
export function indexAllTexts(db: Database): void {
  const sql = new Statements(db);
  // All of them first: a statement that reads must have ended before others write.
  const nodes = sql.of('SELECT n, title FROM nodes').all() as { n: number; title: string }[];
  for (const { n, title } of nodes) {
    sql.of('UPDATE nodes SET name = ? WHERE n = ?').run(nameOf(title), n);
    indexLinks(sql, n, readBody(sql, n));
    indexText(sql, n);
  }
}
