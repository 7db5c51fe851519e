import type { Statements } from '#store/sqlite.ts';

/** All tags by name, and how many nodes have each; deleted ones do not count. */
export function listTags(sql: Statements): { tag: string; nodes: number; outstanding: number }[] {
  return sql
    .of(
      `SELECT g.tag, count(*) AS nodes, count(t.n) AS outstanding
         FROM tags g JOIN nodes n ON n.n = g.n
         LEFT JOIN tasks t ON t.n = g.n AND t.open = 1
        WHERE n.tombstoned = 0 GROUP BY g.tag ORDER BY g.tag`,
    )
    .all() as { tag: string; nodes: number; outstanding: number }[];
}
