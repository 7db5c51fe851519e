import { closeSync, lstatSync, openSync, readlinkSync, readSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { sqliteCode, StoreError } from '#store/problems.ts';
import type { Database } from '#store/sqlite.ts';

/** Byte offset of `user_version` in a database file: big-endian, 4 bytes. */
const USER_VERSION_AT = 60;

/**
 * One daemon, one store: a lock held by the kernel, which goes with the process
 * however that ends. It is the lock SQLite takes on a side database in
 * exclusive mode; the holder's pid is kept in that file's `user_version`, where
 * a loser may read it without opening the database.
 */
export class StoreLock implements Disposable {
  readonly #db: Database;

  private constructor(db: Database) {
    this.#db = db;
  }

  /** @throws {StoreError} with reason `locked`, naming the holder. */
  static take(dbPath: string, pid: number): StoreLock {
    const path = lockPath(dbPath);
    closeSync(openSync(path, 'a', 0o600));
    const db = new SqliteDatabase(path, { timeout: 0 }) as Database;
    try {
      db.pragma('journal_mode = MEMORY');
      db.pragma('locking_mode = EXCLUSIVE');
      db.exec('BEGIN EXCLUSIVE');
      db.pragma(`user_version = ${pid}`);
      db.exec('COMMIT');
      return new StoreLock(db);
    } catch (error) {
      db.close();
      throw refusal(dbPath, path, error);
    }
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}

/**
 * Where a store lies that may be named by links, whether it is there yet or not. What is
 * kept beside it, and what takes its place, goes by this.
 * @throws {StoreError} its folder is not there.
 */
export function realPathOf(dbPath: string): string {
  try {
    return realpathSync(dbPath);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const isLink = lstatSync(dbPath, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    if (isLink) return realPathOf(resolve(folderOf(dbPath), readlinkSync(dbPath)));
    return join(folderOf(dbPath), basename(dbPath));
  }
}

function folderOf(dbPath: string): string {
  const folder = dirname(dbPath);
  try {
    return realpathSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const why = `there is no folder ${folder}`;
    const remedy = 'make it, or name another with --db';
    throw new StoreError('unreadable', { path: dbPath, why, remedy }, { cause: error });
  }
}

/** Of the real file, so that two names of one store are one lock. */
function lockPath(dbPath: string): string {
  return `${realPathOf(dbPath)}.lock`;
}

function refusal(dbPath: string, path: string, error: unknown): unknown {
  const code = sqliteCode(error) ?? '';
  if (code.startsWith('SQLITE_BUSY')) return heldBy(dbPath, path);
  if (code !== 'SQLITE_NOTADB' && !code.startsWith('SQLITE_CORRUPT')) return error;
  const why = `its lock file ${path} is damaged`;
  const remedy = 'remove that file';
  return new StoreError('damaged', { path: dbPath, why, remedy }, { cause: error });
}

function heldBy(dbPath: string, path: string): StoreError {
  const pid = readPid(path);
  const who = pid === 0 ? 'another hephd' : `another hephd (pid ${pid})`;
  const remedy = 'stop that one first';
  return new StoreError('locked', { path: dbPath, why: `${who} holds it`, remedy });
}

function readPid(path: string): number {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(4);
    return readSync(fd, bytes, 0, 4, USER_VERSION_AT) === 4 ? bytes.readUInt32BE() : 0;
  } finally {
    closeSync(fd);
  }
}
