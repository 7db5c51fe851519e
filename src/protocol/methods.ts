import * as z from 'zod';
import { contextRead, contextWrite } from '#protocol/context.ts';
import { projectAdd, projectList } from '#protocol/projects.ts';
import { storeCheck } from '#protocol/store.ts';
import { taskAdd, taskClose, taskEdit, taskList, taskNext, taskShow } from '#protocol/tasks.ts';

/**
 * All that can be asked of the daemon. The daemon validates by this table,
 * clients take their types from it, `docs/reference/rpc.md` is made from it.
 *
 * - `mutates`: it changes the store. Its params also carry a `request_id`,
 *   stored with the change: asked again, it answers what it answered first.
 * - `long`: it may read much, so it runs in a worker with a connection of its
 *   own and a time limit, beside everything else.
 */
export const METHODS = {
  'task.next': { summary: 'what is next', ...taskNext },
  'task.list': {
    summary: 'tasks by project, tag, attention, state or key',
    long: true,
    ...taskList,
  },
  'task.show': { summary: 'one task and its context', ...taskShow },
  'task.add': { summary: 'file a task, or update the one with its key', mutates: true, ...taskAdd },
  'task.edit': { summary: 'change some fields of a task', mutates: true, ...taskEdit },
  'task.done': { summary: 'mark tasks done, all or none', mutates: true, ...taskClose },
  'task.drop': { summary: 'mark tasks dropped, all or none', mutates: true, ...taskClose },
  'context.read': { summary: 'the markdown body of a node', ...contextRead },
  'context.write': { summary: 'replace a body, or add to it', mutates: true, ...contextWrite },
  'project.list': { summary: 'all projects', ...projectList },
  'project.add': { summary: 'make a project, unless it is there', mutates: true, ...projectAdd },
  'store.check': { summary: "whether the store's file is sound", long: true, ...storeCheck },
} as const satisfies Record<string, MethodSpec>;

export interface MethodSpec {
  summary: string;
  mutates?: boolean;
  long?: boolean;
  params: z.ZodType;
  result: z.ZodType;
}

export type MethodName = keyof typeof METHODS;
export type Params<M extends MethodName> = z.infer<(typeof METHODS)[M]['params']>;
export type Result<M extends MethodName> = z.infer<(typeof METHODS)[M]['result']>;

/** Methods that carry a `request_id`. */
export type MutatingMethod = {
  [M in MethodName]: (typeof METHODS)[M] extends { mutates: true } ? M : never;
}[MethodName];

export const requestId = z
  .string()
  .min(8)
  .max(64)
  .describe('made once by the client for this request, and used again when it asks again');

export function isMethod(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name);
}
