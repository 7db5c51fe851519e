import { addDays } from '#core/dates.ts';
import type { Change } from '#core/change.ts';
import { HephError, type Problem } from '#core/errors.ts';
import { parseRecurrence } from '#core/recurrence.ts';
import {
  appendLines,
  checkBody,
  checkKey,
  checkLogText,
  checkTags,
  checkTitle,
} from '#core/text.ts';
import type { World, Write, WriteWorld } from '#daemon/world.ts';
import type { NodeRecord } from '#protocol/records.ts';
import { readBody } from '#store/bodies.ts';
import { pageOf } from '#store/docs.ts';
import { findNode } from '#store/nodes.ts';
import { projectByName } from '#store/projects.ts';
import { readRecord } from '#store/records.ts';
import { findByKey } from '#store/tasks.ts';

/** A record that could not be taken in, by its place in the import. */
export interface Refusal {
  record: number;
  title: string;
  problem: Problem;
}

/**
 * What is wrong with a record that comes in, or null.
 * @param keys those of the records before it; this one's is added.
 */
export function refuse(world: WriteWorld, record: NodeRecord, keys: Set<string>): Problem | null {
  try {
    if (checkTitle(record.title, 'title') !== record.title) checkTitle('', 'title');
    checkTags(record.tags);
    checkBody(record.body);
    for (const { text } of record.log) checkLogText(text);
    refuseOtherKind(world, record);
    if (record.kind === 'task') refuseTask(world, record, keys);
    return null;
  } catch (error) {
    if (error instanceof HephError) return error.problem;
    throw error;
  }
}

/** Set a node to a record. It is there already, perhaps made just before. */
export function takeIn(
  world: World,
  record: NodeRecord,
  isNew: boolean,
  write: Write,
): 'created' | 'updated' | 'unchanged' {
  const { node_id: node } = record;
  if (record.kind === 'journal' && joinPage(world, record, isNew, write)) return 'updated';
  const { n } = findNode(world.sql, node);
  const changes = differences(world, n, record);
  for (const change of changes) write(change);
  if (isNew || changes.length > 0) write({ node, field: 'updated', value: record.updated_at });
  if (isNew) return 'created';
  return changes.length > 0 ? 'updated' : 'unchanged';
}

function refuseOtherKind(world: World, { node_id: ref, kind }: NodeRecord): void {
  const there = world.sql.of('SELECT kind, title FROM nodes WHERE id = ?').get(ref) as
    | { kind: NodeRecord['kind']; title: string }
    | undefined;
  if (!there || there.kind === kind) return;
  throw new HephError({ code: 'wrong_kind', ref, wanted: kind, is: { node_id: ref, ...there } });
}

type TaskRecord = NodeRecord & { kind: 'task' };

function refuseTask(world: WriteWorld, record: TaskRecord, keys: Set<string>): void {
  const { recurrence, recur_from: from, do_on: doOn, key, node_id: node } = record;
  const anchor = doOn ?? record.late_from ?? world.clock.today();
  if (recurrence !== null) {
    const rule = parseRecurrence(recurrence, from, anchor);
    if (rule === null)
      throw new HephError({ code: 'bad_recurrence', text: recurrence, why: 'words' });
    if (world.nextOccurrence(rule, anchor, addDays(anchor, -1)) === null)
      throw new HephError({ code: 'bad_recurrence', text: recurrence, why: 'never' });
  }
  if (key === null) return;
  checkKey(key);
  if (record.state !== 'outstanding' || record.tombstoned) return;
  const holder = findByKey(world.sql, key);
  const id = holder === null ? node : world.sql.value('SELECT id FROM nodes WHERE n = ?', holder);
  if (id !== node || keys.has(key)) throw new HephError({ code: 'conflict', ref: String(id) });
  keys.add(key);
}

/** A day has one page: what comes for a day that has one is added to it, unless it says that already. */
function joinPage(
  world: World,
  record: NodeRecord & { kind: 'journal' },
  isNew: boolean,
  write: Write,
): boolean {
  const { sql } = world;
  const page = record.tombstoned ? null : pageOf(sql, record.day);
  if (page === null || sql.value('SELECT id FROM nodes WHERE n = ?', page) === record.node_id)
    return false;
  const node = sql.value('SELECT id FROM nodes WHERE n = ?', page) as string;
  const before = readBody(sql, page);
  if (!before.includes(record.body.trim())) {
    write({ node, field: 'body', value: checkBody(appendLines(before, record.body)) });
  }
  if (isNew) write({ node: record.node_id, field: 'tombstoned', value: true });
  return true;
}

/** What has to be changed in a node for it to be what a record says. */
function differences(world: World, n: number, record: NodeRecord): Change[] {
  const is = readRecord(world.sql, n);
  const { node_id: node } = record;
  const changes: Change[] = [];
  const differ = (field: string, before: unknown, after: unknown) => {
    if (before !== after) changes.push({ node, field, value: after } as Change);
  };
  differ('title', is.title, record.title);
  differ('body', is.body, record.body);
  for (const tag of record.tags) if (!is.tags.includes(tag)) differ(`tag:${tag}`, false, true);
  for (const tag of is.tags) if (!record.tags.includes(tag)) differ(`tag:${tag}`, true, false);
  for (const { entry_id: id, at, text } of record.log) {
    const same = is.log.find((entry) => entry.entry_id === id);
    if (same?.text !== text || same.at !== at) {
      changes.push({ node, field: `log:${id}`, value: { at_ms: at, text } });
    }
  }
  if (is.kind === 'task' && record.kind === 'task') {
    differ('attention', is.attention, record.attention);
    differ('do_on', is.do_on, record.do_on);
    differ('late_from', is.late_from, record.late_from);
    differ('recurrence', is.recurrence, record.recurrence);
    differ('recur_from', is.recur_from, record.recur_from);
    differ('project', is.project_id, projectOf(world, record, changes));
    differ('state', is.state, record.state);
  }
  if (is.kind === 'project' && record.kind === 'project') {
    differ('archived', is.archived, record.archived);
  }
  if (is.kind === 'journal' && record.kind === 'journal') differ('day', is.day, record.day);
  differ('tombstoned', is.tombstoned, record.tombstoned);
  // Last: a key names one outstanding task, and this one may only now be closed or come back.
  if (is.kind === 'task' && record.kind === 'task') differ('key', is.key, record.key);
  return changes;
}

/** The project of a task that comes in: by its id, else by its name, else made. */
function projectOf(world: World, record: TaskRecord, changes: Change[]): string | null {
  const { project_id: id, project: name } = record;
  const { sql } = world;
  if (id !== null && sql.value("SELECT 1 FROM nodes WHERE id = ? AND kind = 'project'", id) === 1)
    return id;
  if (name === null) return null;
  const known = projectByName(sql, name);
  if (known) return known.node_id;
  const node = world.newId();
  changes.push({ node, field: 'created', value: { kind: 'project', at_ms: world.clock.nowMs() } });
  changes.push({ node, field: 'title', value: checkTitle(name, 'name') });
  return node;
}
