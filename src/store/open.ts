import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { MIGRATIONS, SCHEMA } from '#store/migrations/list.ts';
import { isOutOfMemory, SCARCE, sqliteCode, StoreError } from '#store/problems.ts';
import type { Database } from '#store/sqlite.ts';
import { indexAllTexts } from '#store/text-index.ts';

/** How long a statement waits for another connection's lock. */
const BUSY_MS = 5000;

/** "heph" in SQLite's `application_id`: tells a store of ours, of whatever version, from other databases. */
const APPLICATION_ID = 0x68657068;

const MOVE_IT_AWAY = 'move it away or name another with --db';

/**
 * Open the store for writing, made or migrated if need be. The caller holds the
 * store's lock (`store/lock.ts`).
 * @throws {StoreError} with the file as it was.
 */
export function openStore(path: string): Database {
  return guarded(path, () => {
    if (path !== ':memory:') claim(path);
    const db = new SqliteDatabase(path) as Database;
    try {
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

/**
 * A file that may be a store, such as a backup, to be read and not changed.
 * @throws {StoreError} it is none, or from a newer heph.
 */
export function openForeign(path: string): Database {
  return guarded(path, () => {
    const db = new SqliteDatabase(path, { readonly: true, fileMustExist: true }) as Database;
    try {
      refuseForeign(db, path);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/**
 * Whether opening the store will change its schema: it is there, and older than
 * this program. The caller holds the store's lock: what a crash has left half
 * written is put right, which a connection that can only read does not do.
 */
export function needsMigration(path: string): boolean {
  if (!existsSync(path) || statSync(path).isDirectory()) return false;
  const db = new SqliteDatabase(path, { fileMustExist: true }) as Database;
  try {
    refuseForeign(db, path);
    const version = db.pragma('user_version', { simple: true }) as number;
    return version > 0 && version < SCHEMA;
  } finally {
    db.close();
  }
}

/**
 * Nobody else may read the store, ever: SQLite would go by the umask. Only a
 * store of ours is touched, and its owner gets no right that was taken away.
 */
function claim(path: string): void {
  if (!existsSync(path)) {
    closeSync(openSync(path, 'wx', 0o600));
    return;
  }
  if (statSync(path).isDirectory()) {
    const remedy = 'name a file with --db';
    throw new StoreError('unreadable', { path, why: 'it is a folder', remedy });
  }
  const db = new SqliteDatabase(path) as Database;
  try {
    refuseForeign(db, path);
  } finally {
    db.close();
  }
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o600) !== mode) chmodSync(path, mode & 0o600);
}

function refuseForeign(db: Database, path: string): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  const tables = db
    .prepare(`SELECT count(*) FROM sqlite_schema WHERE type = 'table'`)
    .pluck()
    .get();
  const isOurs = db.pragma('application_id', { simple: true }) === APPLICATION_ID;
  if (!isOurs && (version !== 0 || tables !== 0)) {
    const why = 'it is an SQLite database of another program';
    throw new StoreError('not_sqlite', { path, why, remedy: MOVE_IT_AWAY });
  }
  if (version > SCHEMA) {
    const why = `it was written by a newer heph (schema ${version}; this one knows ${SCHEMA})`;
    const remedy = 'install that version or a later one';
    throw new StoreError('newer', { path, why, remedy });
  }
}

function prepare(db: Database): void {
  db.pragma(`busy_timeout = ${BUSY_MS}`);
  db.pragma('journal_mode = WAL');
  // Acknowledged means durable: every commit reaches the disk before the answer.
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  // A read-only file opens without complaint, and BEGIN IMMEDIATE is then a read: write something now.
  const version = db.pragma('user_version', { simple: true }) as number;
  db.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${version}; ROLLBACK`);
}

function migrate(db: Database): void {
  const from = db.pragma('user_version', { simple: true }) as number;
  if (from === SCHEMA) return;
  db.exec('BEGIN EXCLUSIVE');
  try {
    for (const sql of MIGRATIONS.slice(from)) db.exec(sql);
    indexAllTexts(db);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${SCHEMA}`);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

/** What SQLite says of a store while it is being opened, as a {@link StoreError}: that memory ran out is not about the store. */
export function guarded<T>(path: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw error instanceof StoreError || isOutOfMemory(error) ? error : explain(path, error);
  }
}

function explain(path: string, cause: unknown): StoreError {
  const code = sqliteCode(cause) ?? (cause as NodeJS.ErrnoException).code ?? '';
  const detail = cause instanceof Error ? cause.message : String(cause);
  const cannot = (reason: StoreError['reason'], why: string, remedy: string) =>
    new StoreError(reason, { path, why, remedy }, { cause });
  if (code === 'SQLITE_NOTADB') {
    return cannot('not_sqlite', 'it is not an SQLite database', MOVE_IT_AWAY);
  }
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS') {
    return cannot('readonly', 'it is read-only', `make it writable (chmod u+w '${path}')`);
  }
  if (code.startsWith('SQLITE_CORRUPT')) return cannot('damaged', detail, 'restore a backup');
  // SHMSIZE is a disk without room for the index of the log.
  if (['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC', 'EDQUOT'].includes(code)) {
    return cannot('passing', 'the disk is full', 'make room');
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return cannot('passing', 'another program has it locked, such as sqlite3', 'end that one');
  }
  if (code.startsWith('SQLITE_IOERR') || code === 'EIO') {
    return cannot('passing', detail, 'see whether the disk works; if it does, restore a backup');
  }
  if (SCARCE.has(code)) return cannot('passing', detail, 'end what takes so much');
  return cannot('unreadable', detail, 'check the folder and its permissions');
}
