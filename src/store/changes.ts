import type { Change } from '#core/change.ts';
import { nextHlc, type Hlc } from '#core/hlc.ts';
import type { Ulid } from '#core/ids.ts';
import { spliceBetween } from '#core/splice.ts';
import { HephError } from '#core/errors.ts';
import { applyChange, numberOf } from '#store/apply.ts';
import { readBody } from '#store/bodies.ts';
import { asHephError } from '#store/problems.ts';
import type { Database, Statements } from '#store/sqlite.ts';
import { indexText } from '#store/text-index.ts';

/** Who asks for a mutation. */
export interface MutationRequest {
  requestId: string;
  method: string;
  /** A digest of the params: the same request id with others is refused. */
  fingerprint: string;
  nowMs: number;
}

/** Writes one change into the open transaction. */
export type Write = (change: Change) => void;

/** Work that yields wherever it may be left for a moment: how far it is, of 1, or null. */
export type Steps<T> = Generator<number | null, T, undefined>;

/** How long an answered request is remembered; clients ask again within a minute. */
const REQUEST_AGE_MS_MAX = 24 * 60 * 60 * 1000;

/** Every mutation of the store: one transaction, in the log and in the tables alike. */
export class ChangeLog {
  readonly #db: Database;
  readonly #sql: Statements;
  readonly #origin: string;
  #last: Hlc | null;

  constructor(db: Database, sql: Statements, origin: string) {
    this.#db = db;
    this.#sql = sql;
    this.#origin = origin;
    this.#last = (sql.value('SELECT max(hlc) FROM transactions') as Hlc | null) ?? null;
  }

  /**
   * Run `body` in one transaction and answer its result as JSON. A request
   * answered before is not run again: it gets its first answer.
   * @throws {HephError} with nothing changed.
   */
  mutate(request: MutationRequest, body: (write: Write) => unknown): string {
    const steps = this.inSteps(request, (write) => inOneStep(() => body(write)));
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  }

  /**
   * As {@link mutate}, a step at a time. From the first to the last the transaction
   * is open, and nobody else may use its connection.
   */
  *inSteps(request: MutationRequest, body: (write: Write) => Steps<unknown>): Steps<string> {
    const before = this.#answered(request);
    if (before !== null) return before;
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = yield* this.#inTransaction(request, body);
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      this.#rollback();
      throw asHephError(error);
    }
  }

  #answered(request: MutationRequest): string | null {
    const row = this.#sql
      .of('SELECT fingerprint, result FROM requests WHERE request_id = ?')
      .get(request.requestId) as { fingerprint: string; result: string } | undefined;
    if (!row) return null;
    if (row.fingerprint === request.fingerprint) return row.result;
    throw new HephError({ code: 'request_reused', request_id: request.requestId });
  }

  *#inTransaction(request: MutationRequest, body: (write: Write) => Steps<unknown>): Steps<string> {
    let tx: number | bigint | null = null;
    const reworded = new Set<Ulid>();
    const write: Write = (change) => {
      tx ??= this.#begin(request);
      this.#append(tx, change);
      applyChange(this.#sql, change, request.nowMs);
      if (hasWords(change)) reworded.add(change.node);
    };
    const result = JSON.stringify(yield* body(write));
    for (const node of reworded) {
      indexText(this.#sql, numberOf(this.#sql, node));
      yield null;
    }
    this.#sql
      .of('INSERT INTO requests (request_id, fingerprint, result, at_ms) VALUES (?, ?, ?, ?)')
      .run(request.requestId, request.fingerprint, result, request.nowMs);
    this.#sql.of('DELETE FROM requests WHERE at_ms < ?').run(request.nowMs - REQUEST_AGE_MS_MAX);
    return result;
  }

  #begin(request: MutationRequest): number | bigint {
    this.#last = nextHlc(this.#last, request.nowMs);
    return this.#sql
      .of('INSERT INTO transactions (hlc, origin, request_id, method) VALUES (?, ?, ?, ?)')
      .run(this.#last, this.#origin, request.requestId, request.method).lastInsertRowid;
  }

  /**
   * A body's entry keeps only the way back, as a splice: what it became is in
   * `bodies`, or follows from the entries after it.
   */
  #append(tx: number | bigint, change: Change): void {
    const isBody = change.field === 'body';
    const back = isBody ? JSON.stringify(this.#wayBack(change.node, change.value)) : null;
    const value = isBody ? null : JSON.stringify(change.value);
    this.#sql
      .of('INSERT INTO changes (tx, node, field, value, back) VALUES (?, ?, ?, ?, ?)')
      .run(tx, change.node, change.field, value, back);
  }

  #wayBack(node: string, body: string): unknown {
    return spliceBetween(body, readBody(this.#sql, numberOf(this.#sql, node)));
  }

  #rollback(): void {
    try {
      this.#db.exec('ROLLBACK');
    } catch {
      // SQLite has already rolled back: a full disk or a damaged page does that.
    }
  }
}

function* inOneStep<T>(work: () => T): Steps<T> {
  yield null;
  return work();
}

/** Whether the search has to learn of it. */
function hasWords({ field }: Change): boolean {
  return field === 'title' || field === 'body' || field.startsWith('log:');
}
