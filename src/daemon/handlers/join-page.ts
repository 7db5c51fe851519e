import type { Change } from '#core/change.ts';
import { checkBody, joinLines } from '#core/text.ts';
import type { NodeRecord } from '#protocol/records.ts';
import { readBody } from '#store/bodies.ts';
import { pageOf } from '#store/docs.ts';
import { findNode, isDeleted } from '#store/nodes.ts';
import { readRecord } from '#store/records.ts';
import type { Statements } from '#store/sqlite.ts';

export type JournalRecord = NodeRecord & { kind: 'journal' };

/** What comes for a day that has a page already. */
interface Coming extends Pick<NodeRecord, 'tags' | 'log' | 'body'> {
  /** The body that came the last time; empty where none did. */
  cameBefore: string;
}

/**
 * What has to be changed in the page of a record's day for it to have all of the
 * record; null where the day has no page, or that is the record's own.
 * @throws {HephError} `too_long`
 */
export function joinPage(sql: Statements, record: JournalRecord): Change[] | null {
  const page = record.tombstoned ? null : pageOf(sql, record.day);
  const own = sql.value('SELECT n FROM nodes WHERE id = ?', record.node_id) as number | undefined;
  if (page === null || page === own) return null;
  // What came is kept as a page that is deleted.
  const hasCome = own !== undefined && isDeleted(sql, { n: own });
  return joined(sql, page, { ...record, cameBefore: hasCome ? readBody(sql, own) : '' });
}

/** What a page has here that the record which deletes it does not know of. */
export interface Rest extends Coming {
  day: string;
}

/** The rest of a page that another store has joined to its own; null where it is deleted here as well. */
export function restOf(sql: Statements, record: JournalRecord): Rest | null {
  const { n } = findNode(sql, record.node_id);
  const { body, tombstoned, day, tags, log } = readRecord(sql, n) as JournalRecord;
  if (tombstoned || day === null) return null;
  const known = new Set(record.log.map(({ entry_id: id }) => id));
  return {
    day,
    body: joinLines(record.body, body, '') === null ? '' : body,
    cameBefore: record.body,
    tags: tags.filter((tag) => !record.tags.includes(tag)),
    log: log.filter(({ entry_id: id }) => !known.has(id)),
  };
}

/** What has to be changed for the page that its day has now, if any, to have the rest. */
export function joinRest(sql: Statements, rest: Rest): Change[] {
  const page = pageOf(sql, rest.day);
  return page === null ? [] : joined(sql, page, rest);
}

function joined(sql: Statements, page: number, coming: Coming): Change[] {
  const { node_id: node, body: before, tags } = readRecord(sql, page);
  const changes: Change[] = [];
  const body = joinLines(before, coming.body, coming.cameBefore);
  if (body !== null) changes.push({ node, field: 'body', value: checkBody(body) });
  for (const tag of coming.tags)
    if (!tags.includes(tag)) changes.push({ node, field: `tag:${tag}`, value: true });
  // The entries of its log are the page's from now on.
  for (const { entry_id: id, at, text } of coming.log)
    if (!isNoted(sql, id)) changes.push({ node, field: `log:${id}`, value: { at_ms: at, text } });
  return changes;
}

/** An entry of a log, of something that is not deleted. */
function isNoted(sql: Statements, id: string): boolean {
  const found = `SELECT 1 FROM log_entries e JOIN nodes n ON n.n = e.n WHERE e.id = ? AND n.tombstoned = 0`;
  return sql.value(found, id) === 1;
}
