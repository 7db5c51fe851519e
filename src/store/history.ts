import type { Change, LogEntry } from '#core/change.ts';
import { hlcMs } from '#core/hlc.ts';
import type { NodeKind } from '#core/node.ts';
import { applySplice, type Splice } from '#core/splice.ts';
import { numberOf } from '#store/apply.ts';
import { readBody } from '#store/bodies.ts';
import type { Statements } from '#store/sqlite.ts';

/** A transaction of the change log. */
export interface Transaction {
  tx: number;
  /** Epoch milliseconds. */
  at: number;
  origin: string;
  method: string;
  /** The transaction that this one took back. */
  undoes: number | null;
  /** Another one took this one back. */
  isUndone: boolean;
}

/** One entry of the log as `history` and `watch` tell of it. */
export interface Entry {
  seq: number;
  tx: number;
  at: number;
  origin: string;
  method: string;
  node: string;
  kind: NodeKind;
  title: string;
  field: string;
  /** What it became; of a body, how much went and came. */
  value: unknown;
}

const TRANSACTIONS = `
  SELECT t.tx, t.hlc, t.origin, t.method, t.undoes,
         EXISTS (SELECT 1 FROM transactions u WHERE u.undoes = t.tx) AS isUndone
    FROM transactions t`;

/**
 * The newest transaction that was made here, did not undo anything, and was not
 * undone; or null.
 */
export function lastUndoable(sql: Statements, origin: string): Transaction | null {
  const row = sql
    .of(
      `${TRANSACTIONS} WHERE t.origin = ? AND t.undoes IS NULL
          AND NOT EXISTS (SELECT 1 FROM transactions u WHERE u.undoes = t.tx)
        ORDER BY t.tx DESC LIMIT 1`,
    )
    .get(origin);
  return row === undefined ? null : toTransaction(row);
}

/** Say of the transaction being written which one it undoes. */
export function markUndo(sql: Statements, undoes: number): void {
  sql
    .of('UPDATE transactions SET undoes = ? WHERE tx = (SELECT max(tx) FROM transactions)')
    .run(undoes);
}

/** The newest transactions; only those that touched a node, where one is given. */
export function readTransactions(
  sql: Statements,
  node: string | null,
  limit: number,
): Transaction[] {
  const touched = `WHERE t.tx IN (SELECT DISTINCT tx FROM changes WHERE node = ?)`;
  const rows =
    node === null
      ? sql.of(`${TRANSACTIONS} ORDER BY t.tx DESC LIMIT ?`).all(limit)
      : sql.of(`${TRANSACTIONS} ${touched} ORDER BY t.tx DESC LIMIT ?`).all(node, limit);
  return rows.map(toTransaction);
}

const ENTRIES = `
  SELECT c.seq, c.tx, t.hlc, t.origin, t.method, c.node, n.kind, n.title, c.field, c.value, c.back
    FROM changes c JOIN transactions t USING (tx) JOIN nodes n ON n.id = c.node`;

/** What a transaction changed, in its order, up to so many. */
export function entriesOf(sql: Statements, tx: number, limit: number): Entry[] {
  return sql.of(`${ENTRIES} WHERE c.tx = ? ORDER BY c.seq LIMIT ?`).all(tx, limit).map(toEntry);
}

/** How many entries a transaction has. */
export function countEntries(sql: Statements, tx: number): number {
  return sql.value('SELECT count(*) FROM changes WHERE tx = ?', tx) as number;
}

/** What was changed after an entry, up to so many. */
export function entriesAfter(sql: Statements, seq: number, limit: number): Entry[] {
  return sql.of(`${ENTRIES} WHERE c.seq > ? ORDER BY c.seq LIMIT ?`).all(seq, limit).map(toEntry);
}

/** The number of the newest entry; 0 where there is none. */
export function lastSeq(sql: Statements): number {
  return (sql.value('SELECT max(seq) FROM changes') as number | null) ?? 0;
}

/** How many entries are read at a time. */
const PAGE = 200;

/**
 * What takes a transaction back, newest entry first: each field becomes what it
 * was before. A node that it made is deleted, and keeps what it was given, but for
 * the entries of a log that it took from another. Each is to be written before the
 * next is asked for.
 */
export function* reversalOf(sql: Statements, tx: number): Generator<Change> {
  for (const { seq, node, field } of newestFirst(sql, tx)) {
    const taken = field.startsWith('log:') ? takenFrom(sql, node, field, seq) : null;
    if (taken !== null) {
      yield { node, field, value: null } as Change;
      yield { field, ...taken } as Change;
      continue;
    }
    if (field === 'created') yield { node, field: 'tombstoned', value: true };
    if (field === 'created' || field === 'updated' || wasMadeIn(sql, tx, node)) continue;
    const value =
      field === 'body' ? bodyBefore(sql, node, seq) : valueBefore(sql, node, field, seq);
    yield { node, field, value } as Change;
  }
}

function* newestFirst(
  sql: Statements,
  tx: number,
): Generator<{ seq: number; node: string; field: Change['field'] }> {
  let before = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const rows = sql
      .of('SELECT seq, node, field FROM changes WHERE tx = ? AND seq < ? ORDER BY seq DESC LIMIT ?')
      .all(tx, before, PAGE) as { seq: number; node: string; field: Change['field'] }[];
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    before = last.seq;
  }
}

function wasMadeIn(sql: Statements, tx: number, node: string): boolean {
  const made = "SELECT 1 FROM changes WHERE node = ? AND field = 'created' AND tx = ?";
  return sql.value(made, node, tx) === 1;
}

/** What a field was when its node was made. */
const FIRST: Readonly<Record<string, unknown>> = {
  title: '',
  tombstoned: false,
  archived: false,
  state: 'outstanding',
  attention: 'white',
  recur_from: 'schedule',
};

function valueBefore(sql: Statements, node: string, field: string, seq: number): unknown {
  const text = sql.value(
    'SELECT value FROM changes WHERE node = ? AND field = ? AND seq < ? ORDER BY seq DESC LIMIT 1',
    node,
    field,
    seq,
  ) as string | undefined;
  if (text !== undefined) return JSON.parse(text) as unknown;
  return field.startsWith('tag:') ? false : (FIRST[field] ?? null);
}

/** Another page of the day that had this entry of a log until then. Null where none had. */
function takenFrom(
  sql: Statements,
  node: string,
  field: string,
  seq: number,
): { node: string; value: unknown } | null {
  const [last] = sql
    .of(
      `SELECT c.node, c.value FROM nodes n JOIN journals j USING (n) JOIN journals d ON d.day = j.day
         JOIN nodes other ON other.n = d.n
         JOIN changes c ON c.node = other.id AND c.field = ? AND c.seq < ?
        WHERE n.id = ? ORDER BY c.seq DESC LIMIT 1`,
    )
    .all(field, seq, node) as { node: string; value: string }[];
  if (!last || last.node === node || last.value === 'null') return null;
  return { node: last.node, value: JSON.parse(last.value) as unknown };
}

/** The log keeps ways back: walked from the body as it is now. */
function bodyBefore(sql: Statements, node: string, seq: number): string {
  const backs = sql
    .of("SELECT back FROM changes WHERE node = ? AND field = 'body' AND seq >= ? ORDER BY seq DESC")
    .pluck()
    .all(node, seq) as string[];
  const now = readBody(sql, numberOf(sql, node));
  return backs.reduce((text, back) => applySplice(text, JSON.parse(back) as Splice), now);
}

function toTransaction(row: unknown): Transaction {
  const { hlc, isUndone, ...rest } = row as Omit<Transaction, 'at' | 'isUndone'> & {
    hlc: string;
    isUndone: number;
  };
  return { ...rest, at: hlcMs(hlc), isUndone: isUndone === 1 };
}

function toEntry(row: unknown): Entry {
  const { hlc, value, back, ...rest } = row as Omit<Entry, 'at' | 'value'> & {
    hlc: string;
    value: string | null;
    back: string | null;
  };
  return { ...rest, at: hlcMs(hlc), value: value === null ? sizes(back) : valueOf(value) };
}

function valueOf(json: string): unknown {
  const value = JSON.parse(json) as unknown;
  // An entry of a node's log says its text; its time is in the entry's own fields.
  return isLogEntry(value) ? value.text : value;
}

function isLogEntry(value: unknown): value is LogEntry {
  return typeof value === 'object' && value !== null && 'text' in value;
}

/** A body's entry is the way back: what it cuts had come, what it puts had gone. */
function sizes(back: string | null): unknown {
  const { cut, put } = JSON.parse(back ?? '{"cut":0,"put":""}') as Splice;
  return { added: cut, removed: put.length };
}
