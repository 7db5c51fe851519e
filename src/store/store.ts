import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as othersTurn } from 'node:timers/promises';
import { HephError } from '#core/errors.ts';
import type { NewId } from '#core/ports.ts';
import { sync } from '#store/backup.ts';
import { ChangeLog, type Steps } from '#store/changes.ts';
import { ensureMeta } from '#store/meta.ts';
import { guarded, openReader, openStore } from '#store/open.ts';
import { nameAlso } from '#store/put-back.ts';
import { Statements, type Database } from '#store/sqlite.ts';

/** How long a change that is made in parts may hold up others at a time. */
const PART_MS = 10;

/** The open store. What is asked of it goes to the file that is in place at that time. */
export class Store implements Disposable {
  readonly path: string;
  readonly #newId: NewId;
  /** Null where opening what is in place has failed: it is tried again when it is asked next. */
  #open: Opened | null;
  /** Sees what was there before the change that is being made. */
  #aside: { db: Database; sql: Statements } | null = null;

  /** @throws {StoreError} */
  constructor(path: string, newId: NewId) {
    this.path = path;
    this.#newId = newId;
    this.#open = open(path, newId);
  }

  get db(): Database {
    return this.#now.db;
  }

  /** To ask of what is acknowledged. */
  get sql(): Statements {
    return this.#aside?.sql ?? this.#now.sql;
  }

  /** Of the connection that changes are made with. */
  get writing(): Statements {
    return this.#now.sql;
  }

  get changes(): ChangeLog {
    return this.#now.changes;
  }

  get origin(): string {
    return this.#now.origin;
  }

  get #now(): Opened {
    return (this.#open ??= open(this.path, this.#newId));
  }

  /**
   * Make a change in parts. In between others may ask of the store, and find it as it
   * was; nobody may change, copy or replace it before the end.
   * @param steps of {@link ChangeLog}'s.
   * @param goOn told in between how far it is, of 1, where that is known. @throws to end it there.
   * @throws as the change does, or `goOn`, with nothing changed.
   */
  async inParts(steps: Steps<string>, goOn: (share: number | null) => void): Promise<string> {
    try {
      for (let sinceMs = performance.now(); ;) {
        const step = steps.next();
        if (step.done === true) return step.value;
        if (performance.now() - sinceMs < PART_MS || this.path === ':memory:') continue;
        try {
          this.#aside ??= openAside(this.path);
          await othersTurn();
          goOn(step.value);
        } catch (error) {
          steps.throw(error);
        }
        sinceMs = performance.now();
      }
    } finally {
      this.#aside?.db.close();
      this.#aside = null;
    }
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
    this.db.close();
    this.#open = null;
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
    const [state] = this.db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    if (state?.busy === 0) return;
    const why = 'another program is reading it, such as sqlite3; end that one first';
    throw new HephError({ code: 'bad_backup', path, why });
  }

  [Symbol.dispose](): void {
    this.#open?.db.close();
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

function openAside(path: string): { db: Database; sql: Statements } {
  const db = openReader(path);
  return { db, sql: new Statements(db) };
}
