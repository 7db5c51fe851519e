import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { HephError } from '#core/errors.ts';
import type { NewId } from '#core/ports.ts';
import { sync } from '#store/backup.ts';
import { ChangeLog } from '#store/changes.ts';
import { ensureMeta } from '#store/meta.ts';
import { guarded, openStore } from '#store/open.ts';
import { nameAlso } from '#store/put-back.ts';
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
   * @throws as opening it does; {HephError} `bad_backup` where another program
   * reads the present store. It is then what it was.
   */
  replace(next: string, kept: string): void {
    // Opened once as what it will be, so that nothing is wrong with it once it is in place.
    open(next, this.#newId).db.close();
    this.#gather();
    this.#open.db.close();
    try {
      mkdirSync(dirname(kept), { recursive: true, mode: 0o700 });
      nameAlso(this.path, kept);
      try {
        sync(kept);
        sync(dirname(kept));
        renameSync(next, this.path);
      } catch (error) {
        rmSync(kept);
        throw error;
      }
      for (const end of ['-wal', '-shm']) rmSync(this.path + end, { force: true });
      sync(dirname(this.path));
    } finally {
      this.#open = open(this.path, this.#newId);
    }
  }

  /** Have all of it in the one file, without the log that SQLite writes ahead. */
  #gather(): void {
    const { path } = this;
    const [state] = this.#open.db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    if (state?.busy === 0) return;
    const why = 'another program is reading it, such as sqlite3; end that one first';
    throw new HephError({ code: 'bad_backup', path, why });
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
