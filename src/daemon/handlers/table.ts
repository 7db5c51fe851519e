import { complete } from '#daemon/handlers/complete.ts';
import { readContext, writeContext } from '#daemon/handlers/context.ts';
import {
  editDoc,
  listAllDocs,
  newDoc,
  readJournal,
  renameDoc,
  showDoc,
  writeJournal,
} from '#daemon/handlers/docs.ts';
import { listHistory, undo } from '#daemon/handlers/history.ts';
import {
  addLogEntry,
  addTags,
  deleteNodes,
  listAllTags,
  listBacklinks,
  listLinks,
  listLog,
  removeTags,
  search,
} from '#daemon/handlers/nodes.ts';
import {
  addProject,
  archiveProject,
  listAllProjects,
  renameProject,
} from '#daemon/handlers/projects.ts';
import { checkStore } from '#daemon/handlers/store.ts';
import {
  addTask,
  doneTasks,
  dropTasks,
  editTask,
  skipTasks,
} from '#daemon/handlers/task-changes.ts';
import { list, next, show } from '#daemon/handlers/tasks.ts';
import {
  beginExport,
  beginImport,
  commitImport,
  exportPage,
  stageImport,
} from '#daemon/handlers/transfer.ts';
import type { LargeHandlers, ReadHandlers, WriteHandlers } from '#daemon/world.ts';

/** Who answers which question. */
export const READERS: ReadHandlers = {
  'task.next': next,
  'task.list': list,
  'task.show': show,
  'context.read': readContext,
  'log.list': listLog,
  'project.list': listAllProjects,
  'tag.list': listAllTags,
  'doc.list': listAllDocs,
  'doc.show': showDoc,
  'journal.read': readJournal,
  'link.list': listLinks,
  'link.back': listBacklinks,
  search,
  complete,
  'history.list': listHistory,
  'import.begin': beginImport,
  'import.stage': stageImport,
  'export.begin': beginExport,
  'export.page': exportPage,
  'store.check': checkStore,
};

/** Who makes which change. */
export const WRITERS: WriteHandlers = {
  'task.add': addTask,
  'task.edit': editTask,
  'task.done': doneTasks,
  'task.drop': dropTasks,
  'task.skip': skipTasks,
  'node.delete': deleteNodes,
  'context.write': writeContext,
  'log.add': addLogEntry,
  'project.add': addProject,
  'project.rename': renameProject,
  'project.archive': archiveProject,
  'tag.add': addTags,
  'tag.remove': removeTags,
  'doc.new': newDoc,
  'doc.edit': editDoc,
  'doc.rename': renameDoc,
  'journal.write': writeJournal,
};

/** Who makes which change in parts. */
export const LARGE_WRITERS: LargeHandlers = {
  'history.undo': undo,
  'import.commit': commitImport,
};
