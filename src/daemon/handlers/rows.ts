import type { Task } from '#core/task.ts';
import type { World } from '#daemon/world.ts';
import type { TaskRow } from '#protocol/tasks.ts';
import { shortId } from '#store/nodes.ts';

/** A task as it goes over the wire. */
export function taskRow(world: World, task: Task, withShortId: boolean | undefined): TaskRow {
  const midnight = (date: string | null) => (date === null ? null : world.clock.midnightMs(date));
  return {
    node_id: task.id,
    kind: 'task',
    title: task.title,
    state: task.state,
    attention: task.attention,
    do_date: midnight(task.doOn),
    do_on: task.doOn,
    late_on: midnight(task.lateFrom),
    late_from: task.lateFrom,
    recurrence: task.recurrence,
    recur_from: task.recurFrom,
    project: task.projectName,
    project_id: task.projectId,
    tags: task.tags,
    key: task.key,
    created_at: task.createdAt,
    updated_at: task.updatedAt,
    tombstoned: task.tombstoned,
    ...(withShortId === true ? { short_id: shortId(world.sql, task.id) } : {}),
  };
}
