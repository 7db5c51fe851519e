import { randomUUID } from 'node:crypto';
import type { Change } from '#core/change.ts';
import { HephError, type Problem } from '#core/errors.ts';
import type { NewId } from '#core/ports.ts';
import { Dispatcher, read } from '#daemon/dispatch.ts';
import { LongQueries } from '#daemon/long-queries.ts';
import type { World } from '#daemon/world.ts';
import { METHODS, type MethodName, type Params, type Result } from '#protocol/methods.ts';
import { ChangeLog } from '#store/changes.ts';
import { ensureMeta } from '#store/meta.ts';
import { openStore } from '#store/open.ts';
import { Statements, type Database } from '#store/sqlite.ts';
import { countingIds, settableClock, type SettableClock } from './clock.ts';

export interface CoreOptions {
  /** A file; without it the store is in memory, where no worker can read it. */
  path?: string;
  clock?: SettableClock;
  newId?: (clock: SettableClock) => NewId;
  queryLimitMs?: number;
}

/** All of the daemon but its process and its socket, over a real store. */
export class Core implements AsyncDisposable {
  readonly clock: SettableClock;
  readonly newId: NewId;
  readonly db: Database;
  readonly sql: Statements;
  readonly changes: ChangeLog;
  readonly longQueries: LongQueries;
  readonly dispatcher: Dispatcher;
  /** What the dispatcher called a defect. */
  readonly internalErrors: unknown[] = [];

  constructor({
    path = ':memory:',
    clock = settableClock(),
    newId = countingIds,
    queryLimitMs = 10_000,
  }: CoreOptions = {}) {
    this.clock = clock;
    this.newId = newId(clock);
    this.db = openStore(path);
    this.sql = new Statements(this.db);
    this.changes = new ChangeLog(this.db, this.sql, ensureMeta(this.db, this.newId).origin);
    this.longQueries = new LongQueries({ dbPath: path, followsZone: false }, queryLimitMs);
    this.dispatcher = new Dispatcher({
      world: this.world,
      changes: this.changes,
      longQueries: this.longQueries,
      onInternalError: (error) => this.internalErrors.push(error),
    });
  }

  get world(): World {
    return { sql: this.sql, clock: this.clock, newId: this.newId };
  }

  /** Ask as a client would. @throws {HephError} the daemon's answer. */
  async call<M extends MethodName>(
    method: M,
    params: Params<M>,
    requestId: string = randomUUID(),
  ): Promise<Result<M>> {
    const isChange = 'mutates' in METHODS[method];
    const all = isChange ? { ...params, request_id: requestId } : params;
    const line = await this.dispatcher.dispatch({ jsonrpc: '2.0', id: 1, method, params: all });
    const { result, error } = JSON.parse(line) as { result: Result<M>; error?: { data: Problem } };
    if (error) throw new HephError(error.data);
    return result;
  }

  /** What is wrong with a request, or null. */
  async problem<M extends MethodName>(
    method: M,
    params: Params<M>,
    requestId?: string,
  ): Promise<Problem | null> {
    return this.call(method, params, requestId).then(
      () => null,
      (error: HephError) => error.problem,
    );
  }

  /** File a task. */
  file(title: string, fields: Omit<Params<'task.add'>, 'title'> = {}): Promise<Result<'task.add'>> {
    return this.call('task.add', { title, ...fields });
  }

  /** A list, answered in this thread. */
  list(params: Params<'task.list'> = {}): Result<'task.list'>['rows'] {
    return (read(this.world, 'task.list', params) as Result<'task.list'>).rows;
  }

  /** One transaction of these changes, past all rules. */
  write(...changes: Change[]): void {
    const request = {
      requestId: randomUUID(),
      method: 'test',
      fingerprint: '',
      nowMs: this.clock.nowMs(),
    };
    this.changes.mutate(request, (write) => {
      for (const change of changes) write(change);
      return changes.length;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.longQueries[Symbol.asyncDispose]();
    this.db.close();
  }
}

/** Every row of every table, for comparing two stores. */
export function dump(
  db: Database,
  tables = ['nodes', 'bodies', 'projects', 'tasks', 'tags', 'transactions', 'changes'],
): Record<string, unknown[]> {
  return Object.fromEntries(
    tables.map((table) => [table, db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()]),
  );
}
