import * as z from 'zod';
import { complete } from '#protocol/complete.ts';
import { contextRead, contextWrite } from '#protocol/context.ts';
import {
  docEdit,
  docList,
  docNew,
  docRename,
  docShow,
  journalRead,
  journalWrite,
} from '#protocol/docs.ts';
import { historyList, historyUndo, historyWatch } from '#protocol/history.ts';
import {
  linkBack,
  linkList,
  logAdd,
  logList,
  nodeDelete,
  searchNodes,
  tagChange,
  tagList,
} from '#protocol/nodes.ts';
import { projectAdd, projectArchive, projectList, projectRename } from '#protocol/projects.ts';
import { storeBackup, storeCheck, storeRestore } from '#protocol/store.ts';
import { taskAdd, taskClose, taskEdit, taskList, taskNext, taskShow } from '#protocol/tasks.ts';
import {
  exportBegin,
  exportPage,
  importBegin,
  importCommit,
  importStage,
} from '#protocol/transfer.ts';
import { updateCheck, updateRollback, updateStart } from '#protocol/update.ts';

/**
 * All that can be asked of the daemon. The daemon validates by this table,
 * clients take their types from it, `docs/reference/rpc.md` is made from it.
 *
 * - `mutates`: it changes the store. Its params also carry a `request_id`,
 *   stored with the change: asked again, it answers what it answered first.
 * - `prepares`: it keeps something aside for a change, and has its turn among those.
 * - `long`: it may read much, so it runs in a thread with a connection of its
 *   own and a time limit, beside everything else; `apart` in a process, with
 *   a longer limit, so that it does not hold up the others that are long.
 * - `keeps`: it is about the store as a whole, or about the connection, and is
 *   answered by `daemon/keeper.ts`.
 */
export const METHODS = {
  'task.next': { summary: 'what is next', ...taskNext },
  'task.list': {
    summary: 'tasks by project, tag, attention, state, key or words',
    long: true,
    ...taskList,
  },
  'task.show': { summary: 'one task and its context', ...taskShow },
  'task.add': { summary: 'file a task, or update the one with its key', mutates: true, ...taskAdd },
  'task.edit': { summary: 'change some fields of a task', mutates: true, ...taskEdit },
  'task.done': {
    summary: 'mark tasks done, all or none; a recurring one comes again',
    mutates: true,
    ...taskClose,
  },
  'task.drop': { summary: 'mark tasks dropped, all or none', mutates: true, ...taskClose },
  'task.skip': {
    summary: 'let an occurrence of recurring tasks pass, all or none',
    mutates: true,
    ...taskClose,
  },
  'node.delete': { summary: 'delete nodes, all or none', mutates: true, ...nodeDelete },
  'context.read': { summary: 'the markdown body of a node', ...contextRead },
  'context.write': { summary: 'replace a body, or add to it', mutates: true, ...contextWrite },
  'log.list': { summary: 'what was noted on a node', ...logList },
  'log.add': { summary: 'note something on a node', mutates: true, ...logAdd },
  'project.list': { summary: 'all projects', long: true, ...projectList },
  'project.add': { summary: 'make a project, unless it is there', mutates: true, ...projectAdd },
  'project.rename': {
    summary: 'rename a project, and the links to it',
    mutates: true,
    ...projectRename,
  },
  'project.archive': {
    summary: 'put a project away with its tasks, or bring it back',
    mutates: true,
    ...projectArchive,
  },
  'tag.list': { summary: 'all tags', long: true, ...tagList },
  'tag.add': { summary: 'give a node tags', mutates: true, ...tagChange },
  'tag.remove': { summary: 'take tags from a node', mutates: true, ...tagChange },
  'doc.list': { summary: 'all documents', long: true, ...docList },
  'doc.new': { summary: 'write a document', mutates: true, ...docNew },
  'doc.show': { summary: 'a document, or any node, with its body', ...docShow },
  'doc.edit': { summary: 'change what a document says', mutates: true, ...docEdit },
  'doc.rename': {
    summary: 'give a document another title, and the links to it',
    mutates: true,
    ...docRename,
  },
  'journal.read': { summary: 'the page of a day', ...journalRead },
  'journal.write': { summary: 'write on the page of a day', mutates: true, ...journalWrite },
  'link.list': { summary: 'where the links of a body lead', ...linkList },
  'link.back': { summary: 'what links to a node', ...linkBack },
  search: { summary: 'find words in titles, bodies and logs', long: true, ...searchNodes },
  complete: { summary: 'ids, projects or tags that begin so', ...complete },
  'history.list': { summary: 'what was changed, and when', ...historyList },
  'history.undo': {
    summary: 'take back the newest change made on this device',
    mutates: true,
    ...historyUndo,
  },
  'history.watch': {
    summary: 'be told of every change from now on, or from then on',
    keeps: true,
    ...historyWatch,
  },
  'import.begin': {
    summary: 'begin to send what is to be imported',
    prepares: true,
    ...importBegin,
  },
  'import.stage': { summary: 'send a part of it', prepares: true, ...importStage },
  'import.commit': {
    summary: 'take in what was sent, all or nothing',
    mutates: true,
    ...importCommit,
  },
  'export.begin': { summary: 'begin to read everything', long: 'apart', ...exportBegin },
  'export.page': { summary: 'read a part of it', long: 'apart', ...exportPage },
  'store.check': {
    summary: "whether the store's file, or a backup, is sound",
    long: 'apart',
    ...storeCheck,
  },
  'store.backup': { summary: 'copy the store while it is used', keeps: true, ...storeBackup },
  'store.restore': {
    summary: 'put a backup in place of the store',
    keeps: true,
    ...storeRestore,
  },
  'update.check': { summary: 'is there a newer version?', keeps: true, ...updateCheck },
  'update.start': { summary: 'go over to a newer version', keeps: true, ...updateStart },
  'update.rollback': { summary: 'go back to the version before', keeps: true, ...updateRollback },
} as const satisfies Record<string, MethodSpec>;

export interface MethodSpec {
  summary: string;
  mutates?: boolean;
  prepares?: boolean;
  long?: boolean | 'apart';
  keeps?: boolean;
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

/** Methods that the daemon itself answers. */
export type KeepingMethod = {
  [M in MethodName]: (typeof METHODS)[M] extends { keeps: true } ? M : never;
}[MethodName];

export const requestId = z
  .string()
  .min(8)
  .max(64)
  .describe('made once by the client for this request, and used again when it asks again');

export function isMethod(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name);
}
