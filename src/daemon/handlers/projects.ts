import { HephError } from '#core/errors.ts';
import { checkTitle } from '#core/text.ts';
import { rename } from '#daemon/handlers/rename.ts';
import type { ReadHandler, WriteHandler } from '#daemon/world.ts';
import type { ProjectRow } from '#protocol/projects.ts';
import { findNode } from '#store/nodes.ts';
import {
  findProject,
  listProjects,
  projectByName,
  readProject,
  type Project,
} from '#store/projects.ts';

export const listAllProjects: ReadHandler<'project.list'> = (world) => ({
  rows: listProjects(world.sql).map(projectRow),
});

export const addProject: WriteHandler<'project.add'> = (world, params, write) => {
  const name = checkTitle(params.name, 'name');
  const known = projectByName(world.sql, name);
  if (known) return { ...projectRow(readProject(world.sql, known.n)), created: false };
  const node = world.newId();
  write({ node, field: 'created', value: { kind: 'project', at_ms: world.clock.nowMs() } });
  // What leads elsewhere must not be led here.
  rename(world, { node_id: node, title: '' }, name, write);
  const project = readProject(world.sql, findNode(world.sql, node).n);
  return { ...projectRow(project), created: true };
};

export const renameProject: WriteHandler<'project.rename'> = (world, params, write) => {
  const project = findProject(world.sql, params.id);
  const name = checkTitle(params.name, 'name');
  const holder = projectByName(world.sql, name);
  if (holder !== null && holder.n !== project.n) {
    throw new HephError({ code: 'conflict', ref: holder.node_id });
  }
  const relinked = rename(world, project, name, write);
  return { ...projectRow(readProject(world.sql, project.n)), relinked };
};

export const archiveProject: WriteHandler<'project.archive'> = (world, params, write) => {
  const { n, node_id: node } = findProject(world.sql, params.id);
  const value = params.archived ?? true;
  if (readProject(world.sql, n).archived !== value) write({ node, field: 'archived', value });
  return projectRow(readProject(world.sql, n));
};

function projectRow(project: Project): ProjectRow {
  return {
    node_id: project.id,
    kind: 'project',
    title: project.name,
    archived: project.archived,
    outstanding: project.outstanding,
    created_at: project.createdAt,
    updated_at: project.updatedAt,
    tombstoned: false,
  };
}
