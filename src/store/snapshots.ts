import { Statements, type Database } from '#store/sqlite.ts';

/** How long nobody may ask for the next part before a snapshot is let go. */
const IDLE_MS = 60_000;

/** Whoever asked while this process was at something else, for longer than that, is heard first. */
const GRACE_MS = 2000;

interface Held {
  db: Database;
  sql: Statements;
  /** How far it was read: a row number. */
  after: number;
  timer: NodeJS.Timeout;
}

/** The store as it was at a moment, for what is read a part at a time. */
export class Snapshots {
  readonly #open: () => Database;
  readonly #held = new Map<string, Held>();

  /** @param open a connection of its own, which can only read. */
  constructor(open: () => Database) {
    this.#open = open;
  }

  take(id: string): Statements {
    const db = this.#open();
    db.exec('BEGIN');
    const sql = new Statements(db);
    // Reading is what makes the moment.
    sql.value('SELECT count(*) FROM meta');
    this.#held.set(id, { db, sql, after: 0, timer: this.#letGoLater(id) });
    return sql;
  }

  /** Read on in a snapshot: `read` is given how far it was read, and says how far it is now. */
  readOn<T>(
    id: string,
    read: (sql: Statements, after: number) => { rows: T[]; after: number },
  ): T[] | null {
    const held = this.#held.get(id);
    if (!held) return null;
    clearTimeout(held.timer);
    held.timer = this.#letGoLater(id);
    const { rows, after } = read(held.sql, held.after);
    held.after = after;
    if (rows.length === 0) this.#letGo(id);
    return rows;
  }

  #letGoLater(id: string): NodeJS.Timeout {
    const idle = () => {
      const held = this.#held.get(id);
      if (held) held.timer = setTimeout(() => this.#letGo(id), GRACE_MS).unref();
    };
    return setTimeout(idle, IDLE_MS).unref();
  }

  #letGo(id: string): void {
    const held = this.#held.get(id);
    if (!held) return;
    clearTimeout(held.timer);
    this.#held.delete(id);
    held.db.close();
  }
}
