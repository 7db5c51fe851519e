import { HephError } from '#core/errors.ts';
import { rollForward } from '#core/recurrence.ts';
import type { State, Task } from '#core/task.ts';
import { checkKey } from '#core/text.ts';
import { taskRow } from '#daemon/handlers/rows.ts';
import { setFields } from '#daemon/handlers/task-fields.ts';
import type { World, Write, WriteHandler, WriteWorld } from '#daemon/world.ts';
import type { Params, Result } from '#protocol/methods.ts';
import { findAlive, findNode } from '#store/nodes.ts';
import { findByKey, readTask } from '#store/tasks.ts';

export const addTask: WriteHandler<'task.add'> = (world, params, write) => {
  const { short_ids: shortIds, ...fields } = params;
  const known = fields.key == null ? null : findByKey(world.sql, checkKey(fields.key));
  const n = known ?? create(world, write);
  setFields(world, n, fields, write);
  return { ...taskRow(world, readTask(world.sql, n), shortIds), created: known === null };
};

export const editTask: WriteHandler<'task.edit'> = (world, params, write) => {
  const { id, short_ids: shortIds, ...fields } = params;
  const { n } = findAlive(world.sql, id, 'task');
  setFields(world, n, fields, write);
  return taskRow(world, readTask(world.sql, n), shortIds);
};

/** A recurring task that is done comes again, as long as its rule says so. */
export const doneTasks: WriteHandler<'task.done'> = (world, params, write) =>
  each(world, params, (task) => {
    if (task.recurrence !== null && task.state === 'outstanding' && comeAgain(world, task, write))
      return;
    close(task, 'done', write);
  });

export const dropTasks: WriteHandler<'task.drop'> = (world, params, write) =>
  each(world, params, (task) => close(task, 'dropped', write));

/** The last occurrence that is skipped leaves nothing to do: the task is dropped. */
export const skipTasks: WriteHandler<'task.skip'> = (world, params, write) =>
  each(world, params, (task) => {
    if (task.recurrence === null || task.state !== 'outstanding') {
      const { id, title } = task;
      throw new HephError({ code: 'not_recurring', task: { node_id: id, kind: 'task', title } });
    }
    if (!comeAgain(world, task, write)) close(task, 'dropped', write);
  });

function create(world: World, write: Write): number {
  const node = world.newId();
  write({ node, field: 'created', value: { kind: 'task', at_ms: world.clock.nowMs() } });
  return findNode(world.sql, node).n;
}

/** Each once, however often it is named: what comes again would move on twice. */
function each(
  world: World,
  params: Params<'task.done'>,
  change: (task: Task) => void,
): Result<'task.done'> {
  const changed = new Set<number>();
  const rows = params.ids.map((id) => {
    const { n } = findAlive(world.sql, id, 'task');
    if (!changed.has(n)) change(readTask(world.sql, n));
    changed.add(n);
    return taskRow(world, readTask(world.sql, n), params.short_ids);
  });
  return { rows };
}

/** Closing what is closed that way already changes nothing. */
function close(task: Task, state: Exclude<State, 'outstanding'>, write: Write): void {
  if (task.state !== state) write({ node: task.id, field: 'state', value: state });
}

/** @returns false when the rule has come to its end. */
function comeAgain(world: WriteWorld, task: Task, write: Write): boolean {
  const { id: node, recurrence } = task;
  if (recurrence === null) return false;
  const next = rollForward({ ...task, recurrence }, world.clock.today(), world.nextOccurrence);
  if (next === null) return false;
  if (next.doOn !== task.doOn) write({ node, field: 'do_on', value: next.doOn });
  if (next.lateFrom !== task.lateFrom) write({ node, field: 'late_from', value: next.lateFrom });
  if (next.recurrence !== recurrence) {
    write({ node, field: 'recurrence', value: next.recurrence });
  }
  return true;
}
