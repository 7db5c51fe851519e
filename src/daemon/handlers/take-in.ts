import type { Change } from '#core/change.ts';
import { parseRecurrence, saidAgain } from '#core/recurrence.ts';
import { checkTitle } from '#core/text.ts';
import { joinPage, type JournalRecord } from '#daemon/handlers/join-page.ts';
import type { World, Write } from '#daemon/world.ts';
import type { NodeRecord } from '#protocol/records.ts';
import { findNode, isDeleted } from '#store/nodes.ts';
import { projectByName } from '#store/projects.ts';
import { readRecord } from '#store/records.ts';

/** Set a node to a record. It is there already, perhaps made just before. */
export function takeIn(
  world: World,
  record: NodeRecord,
  isNew: boolean,
  write: Write,
): 'created' | 'updated' | 'unchanged' {
  const { node_id: node } = record;
  if (record.kind === 'journal') {
    const joined = join(world, record, isNew, write);
    if (joined !== null) return joined;
  }
  const { n } = findNode(world.sql, node);
  const changes = differences(world, n, record);
  for (const change of changes) write(change);
  if (isNew || changes.length > 0) write({ node, field: 'updated', value: record.updated_at });
  if (isNew) return 'created';
  return changes.length > 0 ? 'updated' : 'unchanged';
}

type TaskRecord = NodeRecord & { kind: 'task' };

/**
 * A day has one page: what comes for a day that has one is added to it, or takes
 * the place there of what came before. What came is kept as it was, as a page that
 * is deleted.
 */
function join(
  world: World,
  record: JournalRecord,
  isNew: boolean,
  write: Write,
): 'updated' | 'unchanged' | null {
  const { sql } = world;
  const changes = joinPage(sql, record);
  if (changes === null) return null;
  const own = findNode(sql, record.node_id);
  if (isNew || isDeleted(sql, own))
    changes.push(...differences(world, own.n, { ...record, log: [], tombstoned: true }));
  for (const change of changes) write(change);
  return isNew || changes.length > 0 ? 'updated' : 'unchanged';
}

/** What has to be changed in a node for it to be what a record says. */
function differences(world: World, n: number, record: NodeRecord): Change[] {
  const is = readRecord(world.sql, n);
  const { node_id: node } = record;
  const changes: Change[] = [];
  const differ = (field: string, before: unknown, after: unknown) => {
    if (before !== after) changes.push({ node, field, value: after } as Change);
  };
  // A node that comes back must not have for a moment the key it had, which may be another's by now.
  const losesKey =
    is.kind === 'task' &&
    record.kind === 'task' &&
    (is.key !== record.key || (is.state !== record.state && is.tombstoned !== record.tombstoned));
  if (losesKey) differ('key', is.key, null);
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
    differ('recurrence', is.recurrence, ruleOf(world, record, is.recurrence));
    differ('recur_from', is.recur_from, record.recur_from);
    const project = projectOf(world, record, changes);
    // One that was deleted is not shown, and is the task's all the same.
    if (project !== is.project_id) differ('project', projectIn(world, n), project);
    differ('state', is.state, record.state);
  }
  if (is.kind === 'project' && record.kind === 'project') {
    differ('archived', is.archived, record.archived);
  }
  if (is.kind === 'journal' && record.kind === 'journal') differ('day', is.day, record.day);
  differ('tombstoned', is.tombstoned, record.tombstoned);
  // Last: a key names one outstanding task, and this one may only now be closed or come back.
  if (losesKey) differ('key', null, record.key);
  return changes;
}

/** As it is kept, from words or an RRULE. Without a day it is of the day on which it came first. */
function ruleOf(world: World, record: TaskRecord, before: string | null): string | null {
  const { recurrence, recur_from: from, do_on, late_from } = record;
  if (recurrence === null) return null;
  const day = do_on ?? late_from;
  const kept = before === null || day !== null ? null : saidAgain(recurrence, from, before);
  return kept ?? parseRecurrence(recurrence, from, day ?? world.clock.today());
}

function projectIn({ sql }: World, n: number): string | null {
  const id = sql.value('SELECT p.id FROM tasks t JOIN nodes p ON p.n = t.project WHERE t.n = ?', n);
  return (id as string | undefined) ?? null;
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
