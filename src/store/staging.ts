import type { Statements } from '#store/sqlite.ts';

/**
 * What is to be imported, kept aside until all of it has come: in a table of
 * the connection's own, which is nobody else's and goes with it.
 */
const TABLE = `
  CREATE TEMP TABLE IF NOT EXISTS staged (
    import TEXT NOT NULL, part INTEGER NOT NULL, place INTEGER NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (import, part, place)) WITHOUT ROWID`;

/** Begin a new import; whatever was staged before is forgotten. */
export function beginStaging(sql: Statements, id: string): void {
  sql.of(TABLE).run();
  sql.of('DELETE FROM temp.staged').run();
  sql.of('INSERT INTO temp.staged VALUES (?, -1, 0, ?)').run(id, 'null');
}

/** Whether this import is the one that has begun. */
export function isStaging(sql: Statements, id: string): boolean {
  sql.of(TABLE).run();
  return sql.value('SELECT 1 FROM temp.staged WHERE import = ? AND part = -1', id) === 1;
}

/** Keep a part; the same part again takes its place. @returns how many records there are. */
export function stage(
  sql: Statements,
  id: string,
  part: number,
  records: readonly unknown[],
): number {
  sql.of('DELETE FROM temp.staged WHERE import = ? AND part = ?').run(id, part);
  for (const [place, record] of records.entries()) {
    sql
      .of('INSERT INTO temp.staged VALUES (?, ?, ?, ?)')
      .run(id, part, place, JSON.stringify(record));
  }
  return countStaged(sql);
}

export function countStaged(sql: Statements): number {
  return sql.value('SELECT count(*) - 1 FROM temp.staged') as number;
}

/** All that was staged of an import, in the order it came, read a little at a time. */
export function* staged(sql: Statements, id: string): Generator {
  const place = { id, part: -1, place: 0 };
  for (;;) {
    const rows = sql
      .of(
        `SELECT part, place, record FROM temp.staged
          WHERE import = @id AND (part, place) > (@part, @place) ORDER BY part, place LIMIT 200`,
      )
      .all(place) as { part: number; place: number; record: string }[];
    for (const { record } of rows) yield JSON.parse(record) as unknown;
    const last = rows.at(-1);
    if (!last) return;
    place.part = last.part;
    place.place = last.place;
  }
}

/** Forget it: it was taken in. */
export function endStaging(sql: Statements): void {
  sql.of('DELETE FROM temp.staged').run();
}
