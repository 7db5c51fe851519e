/** The sliver of better-sqlite3 that the store uses. */
export interface Statement {
  run(...params: unknown[]): { changes: number; lastInsertRowid: number | bigint };
  get(...params: unknown[]): unknown;
  all(...params: unknown[]): unknown[];
  iterate(...params: unknown[]): IterableIterator<unknown>;
  pluck(): Statement;
}

export interface Database {
  prepare(sql: string): Statement;
  exec(sql: string): unknown;
  pragma(text: string, options?: { simple: boolean }): unknown;
  /** An online copy, made while the database is used. `progress` says how many pages to copy next. */
  backup(
    path: string,
    options: { progress(info: { totalPages: number; remainingPages: number }): number },
  ): Promise<unknown>;
  close(): unknown;
}

/**
 * The same statement with each parameter as an expression, `+?`. SQLite as
 * better-sqlite3 builds it (STAT4) looks at the values of bare parameters to
 * plan by, and so prepares a statement anew each time one is bound to another
 * value: at our sizes that costs five to ten times what the statement does.
 */
function steady(sql: string): string {
  return sql.replaceAll(/'[^']*'|\?|@\w+/g, (part) => (part.startsWith("'") ? part : `+${part}`));
}

/** Keeps each statement prepared, by its text, for as long as the database is open. */
export class Statements {
  readonly #db: Database;
  readonly #prepared = new Map<string, Statement>();

  constructor(db: Database) {
    this.#db = db;
  }

  of(sql: string): Statement {
    let statement = this.#prepared.get(sql);
    if (!statement) {
      statement = this.#db.prepare(steady(sql));
      this.#prepared.set(sql, statement);
    }
    return statement;
  }

  /** The first column of the first row, or undefined. */
  value(sql: string, ...params: unknown[]): unknown {
    const row = this.of(sql).get(...params);
    return row === undefined ? undefined : Object.values(row as object)[0];
  }
}
