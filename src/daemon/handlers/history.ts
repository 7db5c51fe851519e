import type { LargeHandler, ReadHandler, World } from '#daemon/world.ts';
import type { ChangeEvent, EntryRow, TransactionRow } from '#protocol/history.ts';
import {
  countEntries,
  entriesOf,
  lastUndoable,
  markUndo,
  readTransactions,
  reversalOf,
  type Entry,
  type Transaction,
} from '#store/history.ts';
import { findNode } from '#store/nodes.ts';

/** How many transactions are shown when nobody says. */
const LIMIT = 20;

/** An import changes more than anybody reads. */
const ENTRIES_MAX = 100;

export const listHistory: ReadHandler<'history.list'> = (world, params) => {
  const node = params.id === undefined ? null : findNode(world.sql, params.id).node_id;
  const rows = readTransactions(world.sql, node, params.limit ?? LIMIT);
  return { rows: rows.map((transaction) => transactionRow(world, transaction)) };
};

/** What was made is deleted, what was changed is what it was before; and the log says so. */
export const undo: LargeHandler<'history.undo'> = function* (world, _params, write) {
  const { sql } = world;
  const last = lastUndoable(sql, world.origin);
  if (last === null) return { undone: null };
  for (const change of reversalOf(sql, last.tx)) {
    write(change);
    yield null;
  }
  markUndo(sql, last.tx);
  return { undone: transactionRow(world, { ...last, isUndone: true }) };
};

/** An entry as a subscription sends it. */
export function changeEvent(entry: Entry): ChangeEvent {
  const { tx, at, origin, method } = entry;
  return { ...entryRow(entry), tx, at, origin, method };
}

function transactionRow(world: World, transaction: Transaction): TransactionRow {
  const { tx, at, origin, method, undoes, isUndone } = transaction;
  const changes = entriesOf(world.sql, tx, ENTRIES_MAX).map(entryRow);
  const count = countEntries(world.sql, tx);
  return { tx, at, origin, method, undoes, undone: isUndone, changes, count };
}

function entryRow({ seq, node, kind, title, field, value }: Entry): EntryRow {
  return { seq, node_id: node, kind, title, field, value };
}
