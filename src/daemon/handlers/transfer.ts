import { HephError } from '#core/errors.ts';
import type { LargeHandler, ReadHandler } from '#daemon/world.ts';
import { joinRest, restOf, type JournalRecord, type Rest } from '#daemon/handlers/join-page.ts';
import { Claims, refuse, type Refusal } from '#daemon/handlers/refuse.ts';
import { takeIn } from '#daemon/handlers/take-in.ts';
import type { NodeRecord } from '#protocol/records.ts';
import type { Steps } from '#store/changes.ts';
import { readMeta } from '#store/meta.ts';
import { countNodes, recordsAfter } from '#store/records.ts';
import { beginStaging, countStaged, endStaging, isStaging, stage, staged } from '#store/staging.ts';
import type { Statements } from '#store/sqlite.ts';

export const beginImport: ReadHandler<'import.begin'> = ({ sql, newId }) => {
  const id = newId();
  beginStaging(sql, id);
  return { import_id: id };
};

export const stageImport: ReadHandler<'import.stage'> = ({ sql }, params) => {
  const { import_id: id, part, records } = params;
  if (!isStaging(sql, id)) throw new HephError({ code: 'no_import', import_id: id });
  return { staged: stage(sql, id, part, records) };
};

/**
 * Nodes first, then what is in them: a record may refer to one that comes after
 * it. What cannot be taken in is left out and said; all the rest is one change.
 */
export const commitImport: LargeHandler<'import.commit'> = function* (world, params, write) {
  const { sql } = world;
  const { import_id: id } = params;
  if (!isStaging(sql, id)) throw new HephError({ code: 'no_import', import_id: id });
  const refused = new Map<number, Refusal>();
  const claims = new Claims();
  const pass = (nth: number, what: (record: NodeRecord, place: number) => void) =>
    each(sql, id, { nth, of: 3 }, what);
  yield* pass(0, (record, place) => {
    const problem = refuse(world, record, claims);
    if (problem !== null) refused.set(place, { record: place, title: record.title, problem });
  });
  const made = new Set<string>();
  const rests: Rest[] = [];
  const counts = { created: 0, updated: 0, unchanged: 0 };
  const take = (record: NodeRecord) =>
    counts[takeIn(world, record, made.has(record.node_id), write)]++;
  yield* pass(1, (record, place) => {
    if (refused.has(place)) return;
    const { node_id: node, kind, title, created_at: at } = record;
    if (sql.value('SELECT 1 FROM nodes WHERE id = ?', node) !== 1) {
      write({ node, field: 'created', value: { kind, at_ms: at } });
      write({ node, field: 'title', value: title });
      made.add(node);
    }
    if (!leavesItsDay(record)) return;
    const rest = restOf(sql, record);
    if (rest !== null) rests.push(rest);
    take(record);
  });
  yield* pass(2, (record, place) => {
    if (!refused.has(place) && !leavesItsDay(record)) take(record);
  });
  for (const rest of rests) for (const change of joinRest(sql, rest)) write(change);
  endStaging(sql);
  return { ...counts, refused: [...refused.values()] };
};

/** Before the page that has its day then, which would join it. */
function leavesItsDay(record: NodeRecord): record is JournalRecord {
  return record.kind === 'journal' && record.tombstoned;
}

function* each(
  sql: Statements,
  id: string,
  pass: { nth: number; of: number },
  what: (record: NodeRecord, place: number) => void,
): Steps<undefined> {
  const count = countStaged(sql);
  let place = 0;
  for (const record of staged(sql, id)) {
    // Checked by the schema when it came.
    what(record as NodeRecord, place++);
    yield (pass.nth + place / count) / pass.of;
  }
}

export const beginExport: ReadHandler<'export.begin'> = ({ snapshots, newId, clock }) => {
  const id = newId();
  const sql = snapshots.take(id);
  return {
    export_id: id,
    owner_id: readMeta(sql, 'owner_id'),
    at: clock.nowMs(),
    nodes: countNodes(sql),
  };
};

export const exportPage: ReadHandler<'export.page'> = ({ snapshots }, params) => {
  const { export_id: id } = params;
  const records = snapshots.readOn(id, recordsAfter);
  if (records === null) throw new HephError({ code: 'no_export', export_id: id });
  return { records };
};
