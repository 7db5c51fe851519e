import type { Change } from '#core/change.ts';
import { parseRecurrence, saidAgain } from '#core/recurrence.ts';
import { checkBody, checkTitle, joinLines } from '#core/text.ts';
import type { World, Write } from '#daemon/world.ts';
import type { NodeRecord } from '#protocol/records.ts';
import { readBody } from '#store/bodies.ts';
import { pageOf } from '#store/docs.ts';
import { findNode, isDeleted } from '#store/nodes.ts';
import { projectByName } from '#store/projects.ts';
import { readRecord } from '#store/records.ts';
import type { Statements } from '#store/sqlite.ts';

/** Set a node to a record. It is there already, perhaps made just before. */
export function takeIn(
  world: World,
  record: NodeRecord,
  isNew: boolean,
  write: Write,
): 'created' | 'updated' | 'unchanged' {
  const { node_id: node } = record;
  if (record.kind === 'journal') {
    const joined = joinPage(world, record, isNew, write);
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
type JournalRecord = NodeRecord & { kind: 'journal' };

/**
 * A day has one page: what comes for a day that has one is added to it, or takes
 * the place there of what came before. What came is kept as it was, as a page that
 * is deleted.
 */
function joinPage(
  world: World,
  record: JournalRecord,
  isNew: boolean,
  write: Write,
): 'updated' | 'unchanged' | null {
  const { sql } = world;
  const page = otherPage(world, record);
  if (page === null) return null;
  const { id: node, n } = page;
  const changes: Change[] = [];
  const body = joinedBody(world, n, record);
  if (body !== null) changes.push({ node, field: 'body', value: body });
  const { tags } = readRecord(sql, n);
  for (const tag of record.tags)
    if (!tags.includes(tag)) changes.push({ node, field: `tag:${tag}`, value: true });
  // The entries of its log are the page's.
  for (const { entry_id: id, at, text } of record.log) {
    if (!isNoted(sql, id)) changes.push({ node, field: `log:${id}`, value: { at_ms: at, text } });
  }
  const own = findNode(sql, record.node_id);
  if (isNew || isDeleted(sql, own))
    changes.push(...differences(world, own.n, { ...record, log: [], tombstoned: true }));
  for (const change of changes) write(change);
  return isNew || changes.length > 0 ? 'updated' : 'unchanged';
}

/** The page that the day of a record has already; null where it is free, or the record's own. */
export function otherPage(
  { sql }: World,
  { node_id: ref, day, tombstoned }: NodeRecord & { kind: 'journal' },
): { n: number; id: string } | null {
  const n = tombstoned ? null : pageOf(sql, day);
  if (n === null) return null;
  const id = sql.value('SELECT id FROM nodes WHERE n = ?', n) as string;
  return id === ref ? null : { n, id };
}

/** A page with what came for its day; null where it says that already. @throws {HephError} `too_long`. */
export function joinedBody({ sql }: World, page: number, record: NodeRecord): string | null {
  const own = sql.value('SELECT n FROM nodes WHERE id = ?', record.node_id) as number | undefined;
  const cameBefore = own !== undefined && isDeleted(sql, { n: own }) ? readBody(sql, own) : '';
  const body = joinLines(readBody(sql, page), record.body, cameBefore);
  return body === null ? null : checkBody(body);
}

/** An entry of a log, of something that is not deleted. */
function isNoted(sql: Statements, id: string): boolean {
  const found = `SELECT 1 FROM log_entries e JOIN nodes n ON n.n = e.n WHERE e.id = ? AND n.tombstoned = 0`;
  return sql.value(found, id) === 1;
}

/** What a page has here that the record that deletes it does not know of. */
export interface Rest {
  day: string;
  /** Null where the record has all of it. */
  body: string | null;
  /** The body that went to the other store. */
  gone: string;
  tags: string[];
  log: NodeRecord['log'];
}

/** The rest of a page that is joined to another store's by the record; null where it is deleted here as well. */
export function restOf({ sql }: World, record: JournalRecord): Rest | null {
  const { n } = findNode(sql, record.node_id);
  const { body, tombstoned, day, tags, log } = readRecord(sql, n) as JournalRecord;
  if (tombstoned || day === null) return null;
  const known = new Set(record.log.map(({ entry_id: id }) => id));
  return {
    day,
    body: joinLines(record.body, body, '') === null ? null : body,
    gone: record.body,
    tags: tags.filter((tag) => !record.tags.includes(tag)),
    log: log.filter(({ entry_id: id }) => !known.has(id)),
  };
}

/** To the page that its day has now, if any. */
export function joinRest({ sql }: World, rest: Rest, write: Write): void {
  const n = pageOf(sql, rest.day);
  if (n === null) return;
  const { node_id: node, body: before, tags } = readRecord(sql, n);
  const body = rest.body === null ? null : joinLines(before, rest.body, rest.gone);
  if (body !== null) write({ node, field: 'body', value: checkBody(body) });
  for (const tag of rest.tags)
    if (!tags.includes(tag)) write({ node, field: `tag:${tag}`, value: true });
  for (const entry of rest.log) note(sql, node, entry, write);
}

/** On a page, unless it is noted on something that is there. */
function note(
  sql: Statements,
  node: string,
  { entry_id: id, at, text }: NodeRecord['log'][number],
  write: Write,
): void {
  if (!isNoted(sql, id)) write({ node, field: `log:${id}`, value: { at_ms: at, text } });
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
