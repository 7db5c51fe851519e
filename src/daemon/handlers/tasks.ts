import { HephError } from '#core/errors.ts';
import { tierOf } from '#core/ranking.ts';
import { taskRow } from '#daemon/handlers/rows.ts';
import type { ReadHandler } from '#daemon/world.ts';
import { readBody } from '#store/bodies.ts';
import { readLog } from '#store/log-entries.ts';
import { nextTasks } from '#store/next.ts';
import { findNode } from '#store/nodes.ts';
import { findProject } from '#store/projects.ts';
import type { Statements } from '#store/sqlite.ts';
import { listTasks, readTask } from '#store/tasks.ts';

/** How many `next` shows when nobody says. */
const NEXT_LIMIT = 10;

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
  const { project, due, all, grep, short_ids: shortIds, ...same } = params;
  const filter = {
    ...same,
    project: project === undefined ? undefined : findProject(sql, project).n,
    dueBy: due === true ? today : undefined,
    all: all ?? false,
  };
  const has = grep === undefined ? undefined : hasWords(sql, patternOf(grep));
  const tasks = listTasks(sql, filter, today, has);
  return { today, rows: tasks.map((task) => taskRow(world, task, shortIds)) };
};

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text, 'iu');
  } catch {
    const allowed = 'a regular expression';
    throw new HephError({ code: 'bad_value', field: 'grep', text, allowed });
  }
}

/** Whether title, body or log has it; a pattern that takes too long ends with the worker. */
function hasWords(
  sql: Statements,
  pattern: RegExp,
): (task: { n: number; title: string }) => boolean {
  return ({ n, title }) =>
    pattern.test(title) ||
    pattern.test(readBody(sql, n)) ||
    readLog(sql, n).some(({ text }) => pattern.test(text));
}

export const show: ReadHandler<'task.show'> = (world, params) => {
  const { n } = findNode(world.sql, params.id, 'task');
  const row = taskRow(world, readTask(world.sql, n), params.short_ids);
  return { ...row, body: readBody(world.sql, n) };
};
