import { statSync } from 'node:fs';
import { openForeign, openReader } from '#store/open.ts';
import { StoreError } from '#store/problems.ts';
import { Statements } from '#store/sqlite.ts';

/** Enough to tell what kind of damage it is. */
const PROBLEMS_MAX = 20;

/**
 * What is wrong with the store, in SQLite's words: pages, records and indexes
 * that disagree, and rows whose owner is missing. None when it is sound. Reads
 * all of it.
 */
export function problemsIn(sql: Statements): string[] {
  const found = sql.of(`PRAGMA integrity_check(${PROBLEMS_MAX})`).pluck().all().map(String);
  const orphans = sql.of('PRAGMA foreign_key_check').all() as { table: string; parent: string }[];
  const dangling = orphans
    .slice(0, PROBLEMS_MAX)
    .map(({ table, parent }) => `a row of ${table} belongs to no row of ${parent}`);
  return [...found.filter((line) => line !== 'ok'), ...dangling];
}

/**
 * As {@link problemsIn}, of a file that lies anywhere: a store of ours, and one
 * that we know how to read, unless any schema will do. Never throws: that it cannot be read is what is wrong.
 */
export function problemsOfFile(path: string, { isAnySchema = false } = {}): string[] {
  try {
    if (!statSync(path).isFile()) return ['it is no file'];
    const db = isAnySchema ? openReader(path) : openForeign(path);
    try {
      // An empty file is an empty database; restored, it would be the loss of everything.
      if (db.pragma('user_version', { simple: true }) === 0) return ['there is no store in it'];
      return problemsIn(new Statements(db));
    } finally {
      db.close();
    }
  } catch (error) {
    return [whyUnreadable(error)];
  }
}

function whyUnreadable(error: unknown): string {
  if (error instanceof StoreError) return error.why;
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'there is no such file' : message;
}
