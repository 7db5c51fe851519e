import type { Statements } from '#store/sqlite.ts';

/** What was noted on a node; `at` in epoch milliseconds. */
export interface LogRow {
  id: string;
  at: number;
  text: string;
}

/** A node's log, oldest first. */
export function readLog(sql: Statements, n: number): LogRow[] {
  return sql
    .of('SELECT id, at_ms AS at, text FROM log_entries WHERE n = ? ORDER BY at_ms, e')
    .all(n) as LogRow[];
}
