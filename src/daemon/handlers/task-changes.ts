import { parseDate } from '#core/dates.ts';
import { HephError } from '#core/errors.ts';
import type { State } from '#core/task.ts';
import { checkBody, checkKey, checkTags, checkTitle } from '#core/text.ts';
import { taskRow } from '#daemon/handlers/rows.ts';
import type { World, Write, WriteHandler } from '#daemon/world.ts';
import type { Params, Result } from '#protocol/methods.ts';
import { readBody } from '#store/bodies.ts';
import { findNode } from '#store/nodes.ts';
import { findProject } from '#store/projects.ts';
import { findByKey, readTask } from '#store/tasks.ts';

type Fields = Omit<Params<'task.edit'>, 'id' | 'short_ids'>;

export const addTask: WriteHandler<'task.add'> = (world, params, write) => {
  const { short_ids: shortIds, ...fields } = params;
  const known = fields.key == null ? null : findByKey(world.sql, checkKey(fields.key));
  const n = known ?? create(world, write);
  setFields(world, n, fields, write);
  return { ...taskRow(world, readTask(world.sql, n), shortIds), created: known === null };
};

export const editTask: WriteHandler<'task.edit'> = (world, params, write) => {
  const { id, short_ids: shortIds, ...fields } = params;
  const { n } = findNode(world.sql, id, 'task');
  setFields(world, n, fields, write);
  return taskRow(world, readTask(world.sql, n), shortIds);
};

/** Closing what is closed that way already changes nothing. */
export function closeTasks(state: Exclude<State, 'outstanding'>) {
  return (world: World, params: Params<'task.done'>, write: Write): Result<'task.done'> => {
    const rows = params.ids.map((id) => {
      const { n, node_id: node } = findNode(world.sql, id, 'task');
      if (readTask(world.sql, n).state !== state) write({ node, field: 'state', value: state });
      return taskRow(world, readTask(world.sql, n), params.short_ids);
    });
    return { rows };
  };
}

function create(world: World, write: Write): number {
  const node = world.newId();
  write({ node, field: 'created', value: { kind: 'task', at_ms: world.clock.nowMs() } });
  return findNode(world.sql, node).n;
}

/** Write those of the given fields that differ from what the task has. */
function setFields(world: World, n: number, fields: Fields, write: Write): void {
  const task = readTask(world.sql, n);
  const node = task.id;
  if (fields.title !== undefined) {
    const value = checkTitle(fields.title, 'title');
    if (value !== task.title) write({ node, field: 'title', value });
  }
  if (fields.attention !== undefined && fields.attention !== task.attention) {
    write({ node, field: 'attention', value: fields.attention });
  }
  const doOn = dateOf(world, 'do_date', fields.do_date);
  if (doOn !== undefined && doOn !== task.doOn) write({ node, field: 'do_on', value: doOn });
  const lateFrom = dateOf(world, 'late_on', fields.late_on);
  if (lateFrom !== undefined && lateFrom !== task.lateFrom) {
    write({ node, field: 'late_from', value: lateFrom });
  }
  if (fields.project !== undefined) {
    const value = fields.project === null ? null : findProject(world.sql, fields.project).node_id;
    if (value !== task.projectId) write({ node, field: 'project', value });
  }
  setKey(world, n, fields.key, write);
  if (fields.tags !== undefined) setTags(node, task.tags, checkTags(fields.tags), write);
  if (fields.context !== undefined) {
    const value = checkBody(fields.context ?? '');
    if (value !== readBody(world.sql, n)) write({ node, field: 'body', value });
  }
}

/** A key may name one outstanding task; taking another's is refused, not shared. */
function setKey(world: World, n: number, key: string | null | undefined, write: Write): void {
  const task = readTask(world.sql, n);
  if (key === undefined || key === task.key) return;
  const value = key === null ? null : checkKey(key);
  const holder =
    value === null || task.state !== 'outstanding' ? null : findByKey(world.sql, value);
  if (holder !== null && holder !== n) {
    throw new HephError({ code: 'conflict', ref: readTask(world.sql, holder).id });
  }
  write({ node: task.id, field: 'key', value });
}

function setTags(node: string, before: string[], after: string[], write: Write): void {
  for (const tag of after) {
    if (!before.includes(tag)) write({ node, field: `tag:${tag}`, value: true });
  }
  for (const tag of before) {
    if (!after.includes(tag)) write({ node, field: `tag:${tag}`, value: false });
  }
}

/** Undefined leaves the date as it is; null, or the word `none`, clears it. */
function dateOf(world: World, field: string, words: string | null | undefined) {
  if (words === undefined || words === null) return words;
  if (words.trim().toLowerCase() === 'none') return null;
  const date = parseDate(words, world.clock.today());
  if (date === null) throw new HephError({ code: 'bad_date', field, text: words });
  return date;
}
