import { readContext, writeContext } from '#daemon/handlers/context.ts';
import { addProject, listAllProjects } from '#daemon/handlers/projects.ts';
import { checkStore } from '#daemon/handlers/store.ts';
import { addTask, closeTasks, editTask } from '#daemon/handlers/task-changes.ts';
import { list, next, show } from '#daemon/handlers/tasks.ts';
import type { ReadHandlers, WriteHandlers } from '#daemon/world.ts';

/** Who answers which question. */
export const READERS: ReadHandlers = {
  'task.next': next,
  'task.list': list,
  'task.show': show,
  'context.read': readContext,
  'project.list': listAllProjects,
  'store.check': checkStore,
};

/** Who makes which change. */
export const WRITERS: WriteHandlers = {
  'task.add': addTask,
  'task.edit': editTask,
  'task.done': closeTasks('done'),
  'task.drop': closeTasks('dropped'),
  'context.write': writeContext,
  'project.add': addProject,
};
