import * as z from 'zod';
import { METHODS, type MethodName } from '#protocol/methods.ts';
import { NODE_KINDS } from '#core/node.ts';
import { CHECK_NAMES, type Finding } from '#service/doctor.ts';
import type { Status } from '#service/status.ts';

/** What one `--json` document is; of a command that prints many, what each line is. */
export interface JsonShape {
  shape: z.ZodType;
  isLines?: true;
}

/** What is printed in place of it when the command fails. */
export const ERROR_SHAPE = z.object({
  error: z.object({
    code: z.string().describe('stable; see exit-codes.md'),
    message: z.string().describe('begins with "cannot"; its words may change'),
    hint: z.string().nullable().describe('what to do about it'),
  }),
});

// The ends of ids are for people: they are asked for on a terminal alone.
const task = row('task.edit').omit({ short_id: true });
const doc = row('doc.new').omit({ short_id: true });
const page = row('journal.read').omit({ short_id: true });
const context = row('context.read');
const project = rows('project.list');
const tagged = row('tag.add');
const change = rows('history.list');
const node = z.object({ node_id: z.string(), kind: z.enum(NODE_KINDS), title: z.string() });
const entry = rows('log.list');
const closed = oneOrMany(task);

const status: z.ZodType<Status> = z.object({
  manager: z.enum(['systemd', 'launchd']).nullable(),
  installed: z.boolean(),
  enabled: z.boolean(),
  running: z.boolean(),
  healthy: z.boolean(),
  current: z.boolean(),
  pid: z.int().nullable(),
  restarts: z.int().nullable(),
  uptime_s: z.number().nullable(),
  last_exit: z.object({ code: z.int().nullable(), signal: z.string().nullable() }).nullable(),
  version: z.object({ running: z.string().nullable(), installed: z.string() }),
  unit: z.string(),
  executable: z.string(),
  socket: z.string(),
  db: z.string(),
  log: z.string(),
  linger: z.boolean().nullable(),
  update: z.object({
    policy: z.enum(['off', 'on']),
    last_check: z.string().nullable(),
    last_result: z.string().nullable(),
    pending: z.string().nullable(),
  }),
  hints: z.array(z.string()),
});

const report = z.object({
  verb: z.enum(['start', 'stop', 'restart', 'uninstall']),
  changed: z.boolean(),
  dry_run: z.literal(true).optional().describe('nothing was done'),
  steps: z.array(z.object({ do: z.string(), target: z.string() })),
  left: z.array(z.string()).describe('paths that stay, as they are yours'),
  status,
});

const finding: z.ZodType<Finding> = z.object({
  check: z.enum(CHECK_NAMES),
  state: z.enum(['good', 'bad', 'note', 'unknown']),
  says: z.string(),
  mend: z.string().nullable(),
});

const setting = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
const changedSetting = z.object({
  key: z.string(),
  value: setting.nullable().describe('null: the default holds'),
  changed: z.boolean(),
  restart_needed: z.boolean(),
});

/** What every command prints with `--json`, by its words. */
export const JSON_SHAPES: Readonly<Record<string, JsonShape>> = {
  next: { shape: z.array(rows('task.next').omit({ short_id: true })) },
  list: { shape: z.array(task) },
  task: { shape: row('task.add').omit({ short_id: true }) },
  show: { shape: row('task.show').omit({ short_id: true }) },
  edit: { shape: task },
  done: { shape: closed },
  drop: { shape: closed },
  skip: { shape: closed },
  delete: { shape: oneOrMany(rows('node.delete')) },
  context: { shape: z.union([context, context.omit({ body: true })]) },
  log: { shape: z.union([z.array(entry), row('log.add')]) },
  wait: { shape: task },
  'project list': { shape: z.array(project) },
  'project add': { shape: row('project.add') },
  'project rename': { shape: row('project.rename') },
  'project archive': { shape: project },
  'tag list': { shape: z.array(rows('tag.list')) },
  'tag add': { shape: tagged },
  'tag remove': { shape: tagged },
  search: { shape: z.array(rows('search').omit({ short_id: true })) },
  'doc list': { shape: z.array(rows('doc.list').omit({ short_id: true })) },
  'doc new': { shape: doc },
  'doc show': { shape: row('doc.show').omit({ short_id: true }) },
  'doc edit': { shape: doc },
  'doc rename': { shape: row('doc.rename').omit({ short_id: true }) },
  journal: { shape: z.union([page, row('journal.write').omit({ short_id: true })]) },
  links: { shape: z.array(rows('link.list')) },
  backlinks: { shape: z.array(node) },
  undo: { shape: z.object({ undone: change.nullable() }) },
  history: { shape: z.array(change) },
  watch: { shape: changeEvent(), isLines: true },
  import: {
    shape: z.object({
      read: z.int().describe('nodes that were found'),
      created: z.int(),
      updated: z.int(),
      unchanged: z.int(),
      dry_run: z.boolean(),
      problems: z.array(z.object({ place: z.string(), why: z.string() })),
      attachments: z.array(z.string()).describe('paths of what is no note'),
    }),
  },
  export: {
    shape: z.object({ path: z.string(), format: z.enum(['json', 'markdown']), nodes: z.int() }),
  },
  backup: { shape: METHODS['store.backup'].result },
  restore: { shape: METHODS['store.restore'].result },
  completion: { shape: z.object({ shell: z.string(), script: z.string() }) },
  'daemon start': { shape: report },
  'daemon status': { shape: status },
  'daemon restart': { shape: report },
  'daemon stop': { shape: report },
  'daemon uninstall': { shape: report },
  'daemon logs': {
    shape: z.union([
      z.object({ log: z.string(), lines: z.array(z.string()) }),
      z.object({ line: z.string() }).describe('with -f, one a line'),
    ]),
  },
  'config list': {
    shape: z.array(
      z.object({
        key: z.string(),
        value: setting.nullable().describe("null: the file's cannot be used"),
        is_set: z.boolean(),
        default: setting,
      }),
    ),
  },
  'config get': { shape: z.object({ key: z.string(), value: setting, is_set: z.boolean() }) },
  'config set': { shape: changedSetting },
  'config unset': { shape: changedSetting },
  update: {
    shape: z.object({
      from: z.string().describe('the version that was asked'),
      to: z.string().nullable().describe('a newer one, or the one to go back to; null: none'),
      running: z.string().nullable().describe('what answers now; null: nobody'),
      by_hand_only: z.string().nullable(),
    }),
  },
  doctor: { shape: z.object({ healthy: z.boolean(), findings: z.array(finding) }) },
};

/** What a method answers. */
function row<M extends MethodName>(method: M): (typeof METHODS)[M]['result'] {
  return METHODS[method].result;
}

/** One row of what a method answers. */
function rows<M extends MethodOfRows>(
  method: M,
): (typeof METHODS)[M]['result']['shape']['rows']['element'] {
  return METHODS[method].result.shape.rows.element;
}

type MethodOfRows = {
  [M in MethodName]: (typeof METHODS)[M]['result'] extends {
    shape: { rows: { element: z.ZodType } };
  }
    ? M
    : never;
}[MethodName];

/** One id gives its row, several an array of them. */
function oneOrMany<T extends z.ZodType>(shape: T) {
  return z.union([shape, z.array(shape)]);
}

/** An entry of a change, and the change it is of. */
function changeEvent() {
  const { tx, at, origin, method } = change.shape;
  return change.shape.changes.element.extend({ tx, at, origin, method });
}
