import type { NodeKind } from '#core/node.ts';
import { nameOf } from '#core/text.ts';
import { calledSo, findById, theOne, type NodeRow } from '#store/nodes.ts';
import type { Statements } from '#store/sqlite.ts';

/** A node as a text with a title, whatever its kind. */
export interface Doc {
  id: string;
  kind: NodeKind;
  title: string;
  tags: string[];
  createdAt: number;
  updatedAt: number;
  tombstoned: boolean;
}

const COLUMNS = `
  SELECT n.id, n.kind, n.title, n.created_at AS createdAt, n.updated_at AS updatedAt, n.tombstoned,
         (SELECT json_group_array(tag) FROM tags WHERE tags.n = n.n) AS tags
    FROM nodes n`;

export function readDoc(sql: Statements, n: number): Doc {
  return toDoc(sql.of(`${COLUMNS} WHERE n.n = ?`).get(n));
}

/** The documents, the last changed first; journal pages are not among them. */
export function listDocs(sql: Statements): Doc[] {
  return sql
    .of(
      `${COLUMNS} WHERE n.kind = 'doc' AND n.kind <> 'task' AND n.tombstoned = 0
        ORDER BY n.updated_at DESC, n.id`,
    )
    .all()
    .map(toDoc);
}

/**
 * The document of exactly this title, or of this title in other letter case; or
 * whatever node this is the id of.
 * @throws {HephError} `not_found`, or `ambiguous` where several have the title.
 */
export function findDoc(sql: Statements, ref: string): NodeRow {
  const named = sql
    .of(
      `SELECT n, id AS node_id, kind, title, updated_at FROM nodes
        WHERE name = ? AND kind IN ('doc', 'journal') AND tombstoned = 0 ORDER BY n`,
    )
    .all(nameOf(ref)) as NodeRow[];
  return theOne(ref, calledSo(ref, named)) ?? findById(sql, ref, 'doc');
}

/** The page of a day, by row number; null while there is none. */
export function pageOf(sql: Statements, day: string): number | null {
  const n = sql.value(
    `SELECT j.n FROM journals j JOIN nodes n ON n.n = j.n
      WHERE j.day = ? AND n.tombstoned = 0 ORDER BY j.n LIMIT 1`,
    day,
  );
  return (n as number | undefined) ?? null;
}

function toDoc(row: unknown): Doc {
  const raw = row as Omit<Doc, 'tags' | 'tombstoned'> & { tags: string; tombstoned: number };
  return {
    ...raw,
    tags: (JSON.parse(raw.tags) as string[]).toSorted(),
    tombstoned: raw.tombstoned === 1,
  };
}
