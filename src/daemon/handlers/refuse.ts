import { addDays, parseDate } from '#core/dates.ts';
import { HephError, type Problem } from '#core/errors.ts';
import { parseRecurrence } from '#core/recurrence.ts';
import { checkBody, checkKey, checkLogText, checkTags, checkTitle } from '#core/text.ts';
import { joinPage, type JournalRecord } from '#daemon/handlers/join-page.ts';
import type { WriteWorld } from '#daemon/world.ts';
import type { NodeRecord } from '#protocol/records.ts';
import { findByKey } from '#store/tasks.ts';

/** A record that could not be taken in, by its place in the import. */
export interface Refusal {
  record: number;
  title: string;
  problem: Problem;
}

/** What no two records of an import may both have. */
export class Claims {
  readonly #nodes = new Map<string, string>();

  /** @throws {HephError} `conflict`: another one has it. */
  claim(what: 'id' | 'key' | 'entry', name: string, node: string): void {
    const holder = this.#nodes.get(`${what} ${name}`);
    if (holder !== undefined) throw new HephError({ code: 'conflict', ref: holder });
    this.#nodes.set(`${what} ${name}`, node);
  }
}

/**
 * What is wrong with a record that comes in, or null.
 * @param claims those of the records before it; this one's are added.
 */
export function refuse(world: WriteWorld, record: NodeRecord, claims: Claims): Problem | null {
  try {
    refuseTexts(record);
    refuseOtherKind(world, record);
    refuseEntriesOfOthers(world, record, claims);
    if (record.kind === 'task') refuseTask(world, record);
    if (record.kind === 'journal') refusePage(world, record);
    claims.claim('id', record.node_id, record.node_id);
    if (record.kind === 'task') refuseKey(world, record, claims);
    return null;
  } catch (error) {
    if (error instanceof HephError) return error.problem;
    throw error;
  }
}

/** Texts come as they are kept: nobody sees what would be altered. */
function refuseTexts({ title, tags, body, log }: NodeRecord): void {
  if (checkTitle(title, 'title') !== title) throw badValue('title', title, TRIMMED);
  checkTags(tags);
  for (const tag of tags) if (tag.trim() !== tag) throw badValue('tag', tag, TRIMMED);
  checkBody(body);
  for (const { text } of log) checkLogText(text);
}

function refuseOtherKind(world: WriteWorld, { node_id: ref, kind }: NodeRecord): void {
  const there = world.sql.of('SELECT kind, title FROM nodes WHERE id = ?').get(ref) as
    | { kind: NodeRecord['kind']; title: string }
    | undefined;
  if (!there || there.kind === kind) return;
  throw new HephError({ code: 'wrong_kind', ref, wanted: kind, is: { node_id: ref, ...there } });
}

/** An entry of a log belongs to one node, for ever; but a journal's may have gone to the page of its day. */
function refuseEntriesOfOthers(
  { sql }: WriteWorld,
  { node_id: node, kind, log }: NodeRecord,
  claims: Claims,
): void {
  for (const { entry_id: id } of log) {
    const holder = sql.value(
      'SELECT n.id FROM log_entries e JOIN nodes n ON n.n = e.n WHERE e.id = ? AND n.kind <> ?',
      id,
      kind === 'journal' ? kind : '',
    ) as string | undefined;
    if (holder !== undefined && holder !== node)
      throw new HephError({ code: 'conflict', ref: holder });
    claims.claim('entry', id, node);
  }
}

type TaskRecord = NodeRecord & { kind: 'task' };

function refuseTask(world: WriteWorld, record: TaskRecord): void {
  const { recurrence, recur_from: from, do_on: doOn, late_from: lateFrom, project } = record;
  refuseDay('do_on', doOn);
  refuseDay('late_from', lateFrom);
  if (project !== null) checkTitle(project, 'project');
  if (recurrence === null) return;
  const anchor = doOn ?? lateFrom ?? world.clock.today();
  const rule = parseRecurrence(recurrence, from, anchor);
  if (rule === null)
    throw new HephError({ code: 'bad_recurrence', text: recurrence, why: 'words' });
  if (world.nextOccurrence(rule, anchor, addDays(anchor, -1)) === null)
    throw new HephError({ code: 'bad_recurrence', text: recurrence, why: 'never' });
}

/** An outstanding task's key is its own. */
function refuseKey(
  { sql }: WriteWorld,
  { node_id: node, key, state, tombstoned }: TaskRecord,
  claims: Claims,
): void {
  if (key === null) return;
  checkKey(key);
  if (state !== 'outstanding' || tombstoned) return;
  const holder = findByKey(sql, key);
  const id = holder === null ? node : sql.value('SELECT id FROM nodes WHERE n = ?', holder);
  if (id !== node) throw new HephError({ code: 'conflict', ref: String(id) });
  claims.claim('key', key, node);
}

function refusePage(world: WriteWorld, record: JournalRecord): void {
  refuseDay('day', record.day);
  joinPage(world.sql, record);
}

const TRIMMED = 'without spaces at its ends';

function refuseDay(field: string, day: string | null): void {
  if (day !== null && parseDate(day, day) !== day) throw badValue(field, day, 'a day there is');
}

function badValue(field: string, text: string, allowed: string): HephError {
  return new HephError({ code: 'bad_value', field, text: text.slice(0, 100), allowed });
}
