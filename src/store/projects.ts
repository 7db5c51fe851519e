import { HephError } from '#core/errors.ts';
import { idPart } from '#core/ids.ts';
import { nameOf } from '#core/text.ts';
import { calledSo, findNode, isDeleted, theOne, type NodeRow } from '#store/nodes.ts';
import type { Statements } from '#store/sqlite.ts';

export interface Project {
  id: string;
  name: string;
  archived: boolean;
  outstanding: number;
  createdAt: number;
  updatedAt: number;
}

const COLUMNS = `
  SELECT n.id, n.title AS name, q.archived, n.created_at AS createdAt, n.updated_at AS updatedAt,
         (SELECT count(*) FROM tasks t WHERE t.project = n.n AND t.open = 1) AS outstanding
    FROM projects q JOIN nodes n ON n.n = q.n WHERE n.tombstoned = 0`;

/** All projects by name, archived ones last. */
export function listProjects(sql: Statements): Project[] {
  const rows = sql.of(`${COLUMNS} ORDER BY q.archived, n.name, n.id`).all();
  return rows.map(toProject);
}

export function readProject(sql: Statements, n: number): Project {
  return toProject(sql.of(`${COLUMNS} AND n.n = ?`).get(n));
}

/** The project of exactly this name, or else of this name in other letter case; the first, where there are more. */
export function projectByName(sql: Statements, name: string): NodeRow | null {
  return projectsByName(sql, name)[0] ?? null;
}

/** An import may bring a second one of a name. */
function projectsByName(sql: Statements, name: string): NodeRow[] {
  const rows = sql
    .of(
      `SELECT n, id AS node_id, kind, title, updated_at FROM nodes
        WHERE kind = 'project' AND name = ? AND tombstoned = 0 ORDER BY n`,
    )
    .all(nameOf(name)) as NodeRow[];
  return calledSo(name, rows);
}

/**
 * The project of this name or id; a deleted one is none, though its whole id be given.
 * @throws {HephError} `not_found`, or `ambiguous` where several are called so, or `ref` is part of several ids.
 */
export function findProject(sql: Statements, ref: string): NodeRow {
  const named = theOne(ref, projectsByName(sql, ref));
  if (named) return named;
  const found = idPart(ref) === null ? null : findNode(sql, ref, 'project');
  if (found !== null && !isDeleted(sql, found)) return found;
  throw new HephError({ code: 'not_found', kind: 'project', ref });
}

function toProject(row: unknown): Project {
  const raw = row as Omit<Project, 'archived'> & { archived: number };
  return { ...raw, archived: raw.archived === 1 };
}
