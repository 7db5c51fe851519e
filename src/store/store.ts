import { linkSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { NewId } from '#core/ports.ts';
import { sync } from '#store/backup.ts';
import { ChangeLog } from '#store/changes.ts';
import { ensureMeta } from '#store/meta.ts';
import { guarded, openStore } from '#store/open.ts';
import { Statements, type Database } from '#store/sqlite.ts';

/** The open store. What is asked of it goes to the file that is in place at that time. */
export class Store implements Disposable {
  readonly path: string;
  readonly #newId: NewId;
  #open: Opened;

  /** @throws {StoreError} */
  constructor(path: string, newId: NewId) {
    this.path = path;
    this.#newId = newId;
    this.#open = open(path, newId);
  }

  get db(): Database {
    return this.#open.db;
  }

  get sql(): Statements {
    return this.#open.sql;
  }

  get changes(): ChangeLog {
    return this.#open.changes;
  }

  get origin(): string {
    return this.#open.origin;
  }

  /**
   * Go on with another file in the store's place; the one that was there is kept
   * under another name. Whenever the machine stops, a whole store is in place.
   * @param next a sound store, beside the present one; it is moved.
   * @throws as opening it does; the store is then what it was.
   */
  replace(next: string, kept: string): void {
    // Opened once as what it will be, so that nothing is wrong with it once it is in place.
    open(next, this.#newId).db.close();
    this.#open.db.pragma('wal_checkpoint(TRUNCATE)');
    this.#open.db.close();
    try {
      linkSync(this.path, kept);
      renameSync(next, this.path);
      for (const end of ['-wal', '-shm']) rmSync(this.path + end, { force: true });
      sync(dirname(this.path));
    } finally {
      this.#open = open(this.path, this.#newId);
    }
  }

  [Symbol.dispose](): void {
    this.#open.db.close();
  }
}

interface Opened {
  db: Database;
  sql: Statements;
  changes: ChangeLog;
  origin: string;
}

function open(path: string, newId: NewId): Opened {
  const db = openStore(path);
  return guarded(path, () => {
    const sql = new Statements(db);
    const { origin } = ensureMeta(db, newId);
    return { db, sql, origin, changes: new ChangeLog(db, sql, origin) };
  });
}
