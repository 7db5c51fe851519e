import type { Statements } from '#store/sqlite.ts';

/** The markdown body of a node, empty until it is first written. */
export function readBody(sql: Statements, n: number): string {
  return (sql.value('SELECT text FROM bodies WHERE n = ?', n) as string | undefined) ?? '';
}
