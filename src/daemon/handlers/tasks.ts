import { tierOf } from '#core/ranking.ts';
import { taskRow } from '#daemon/handlers/rows.ts';
import type { ReadHandler } from '#daemon/world.ts';
import { readBody } from '#store/bodies.ts';
import { nextTasks } from '#store/next.ts';
import { findNode } from '#store/nodes.ts';
import { findProject } from '#store/projects.ts';
import { listTasks, readTask } from '#store/tasks.ts';

/** How many `next` shows when nobody says. */
const NEXT_LIMIT = 3;

export const next: ReadHandler<'task.next'> = (world, params) => {
  const today = world.clock.today();
  const tasks = nextTasks(world.sql, today, params.limit ?? NEXT_LIMIT);
  const rows = tasks.map((task) => ({
    ...taskRow(world, task, params.short_ids),
    tier: tierOf(task, today),
  }));
  return { today, rows };
};

export const list: ReadHandler<'task.list'> = (world, params) => {
  const { sql, clock } = world;
  const today = clock.today();
  const { project, due, all, short_ids: shortIds, ...same } = params;
  const filter = {
    ...same,
    project: project === undefined ? undefined : findProject(sql, project).n,
    dueBy: due === true ? today : undefined,
    all: all ?? false,
  };
  return {
    today,
    rows: listTasks(sql, filter, today).map((task) => taskRow(world, task, shortIds)),
  };
};

export const show: ReadHandler<'task.show'> = (world, params) => {
  const { n } = findNode(world.sql, params.id, 'task');
  const row = taskRow(world, readTask(world.sql, n), params.short_ids);
  return { ...row, body: readBody(world.sql, n) };
};
