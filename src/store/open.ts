import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { MIGRATIONS, SCHEMA } from '#store/migrations/list.ts';
import { sqliteCode, StoreError } from '#store/problems.ts';
import type { Database } from '#store/sqlite.ts';

/** How long a statement waits for another connection's lock. */
const BUSY_MS = 5000;

/**
 * Open the store for writing, made or migrated if need be. The caller holds the
 * store's lock (`store/lock.ts`).
 * @throws {StoreError} with the file as it was.
 */
export function openStore(path: string): Database {
  return guarded(path, () => {
    // SQLite would make the file by the umask; nobody else may read it, ever.
    if (path !== ':memory:') {
      if (existsSync(path)) chmodSync(path, 0o600);
      else closeSync(openSync(path, 'wx', 0o600));
    }
    const db = new SqliteDatabase(path) as Database;
    try {
      refuseForeign(db, path);
      prepare(db);
      migrate(db);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/** A second connection that can only read, for long queries. */
export function openReader(path: string): Database {
  return guarded(path, () => {
    const db = new SqliteDatabase(path, { readonly: true, fileMustExist: true }) as Database;
    db.pragma(`busy_timeout = ${BUSY_MS}`);
    db.pragma('query_only = ON');
    return db;
  });
}

function refuseForeign(db: Database, path: string): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > SCHEMA) {
    const message = `it was written by a newer heph (schema ${version}; this one knows ${SCHEMA})`;
    throw new StoreError('newer', `cannot open the store ${path}: ${message}; install that version or a later one`);
  }
  const tables = db.prepare(`SELECT count(*) FROM sqlite_schema WHERE type = 'table'`).pluck().get();
  if (version === 0 && tables !== 0) {
    const message = 'it is an SQLite database of another program';
    throw new StoreError('not_sqlite', `cannot open the store ${path}: ${message}; move it away or name another with --db`);
  }
}

function prepare(db: Database): void {
  db.pragma(`busy_timeout = ${BUSY_MS}`);
  db.pragma('journal_mode = WAL');
  // Acknowledged means durable: every commit reaches the disk before the answer.
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  // A read-only file opens without complaint and fails at the first write: write now.
  db.exec('BEGIN IMMEDIATE; COMMIT');
}

function migrate(db: Database): void {
  const from = db.pragma('user_version', { simple: true }) as number;
  if (from === SCHEMA) return;
  db.exec('BEGIN EXCLUSIVE');
  try {
    for (const sql of MIGRATIONS.slice(from)) db.exec(sql);
    db.pragma(`user_version = ${SCHEMA}`);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

function guarded(path: string, open: () => Database): Database {
  try {
    return open();
  } catch (error) {
    throw error instanceof StoreError ? error : explain(path, error);
  }
}

function explain(path: string, cause: unknown): StoreError {
  const code = sqliteCode(cause) ?? (cause as NodeJS.ErrnoException).code ?? '';
  const detail = cause instanceof Error ? cause.message : String(cause);
  const cannot = (reason: StoreError['reason'], why: string) =>
    new StoreError(reason, `cannot open the store ${path}: ${why}`, { cause });
  if (code === 'SQLITE_NOTADB') {
    return cannot('not_sqlite', 'it is not an SQLite database; move it away or name another with --db');
  }
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS') {
    return cannot('readonly', `it is read-only; make it writable (chmod u+w '${path}')`);
  }
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_IOERR')) {
    return cannot('damaged', `${detail}; restore a backup`);
  }
  if (code === 'EISDIR') return cannot('unreadable', 'it is a folder; name a file with --db');
  return cannot('unreadable', `${detail}; check the folder and its permissions`);
}
