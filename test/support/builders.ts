import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import type { Change } from '#core/change.ts';
import { HephError, type Problem } from '#core/errors.ts';
import type { NewId } from '#core/ports.ts';
import { Changes } from '#daemon/changes.ts';
import { Dispatcher, read } from '#daemon/dispatch.ts';
import { Keeper, type KeeperPorts } from '#daemon/keeper.ts';
import { LongQueries } from '#daemon/long-queries.ts';
import type { Peer } from '#daemon/peer.ts';
import { Turns } from '#daemon/turns.ts';
import { Watchers } from '#daemon/watchers.ts';
import { worldOf, type World } from '#daemon/world.ts';
import { loadOccurrences } from '#node/occurrences.ts';
import { METHODS, type MethodName, type Params, type Result } from '#protocol/methods.ts';
import { openReader } from '#store/open.ts';
import { Snapshots } from '#store/snapshots.ts';
import type { Database, Statements } from '#store/sqlite.ts';
import { Store } from '#store/store.ts';
import { countingIds, settableClock, type SettableClock } from './clock.ts';

export interface CoreOptions {
  /** A file; without it the store is in memory, where no worker can read it. */
  path?: string;
  clock?: SettableClock;
  newId?: (clock: SettableClock) => NewId;
  queryLimitMs?: number;
  updater?: KeeperPorts['updater'];
}

const never = () => Promise.reject(new Error('there are no updates here'));
/** In place of what goes over to another version. */
export const noUpdater: KeeperPorts['updater'] = async () => ({
  check: never,
  start: never,
  rollback: never,
});

/** All of the daemon but its process and its socket, over a real store. */
export class Core implements AsyncDisposable {
  readonly clock: SettableClock;
  readonly newId: NewId;
  readonly store: Store;
  readonly longQueries: LongQueries;
  readonly watchers: Watchers;
  readonly copies = new Turns();
  readonly changes: Changes;
  readonly dispatcher: Dispatcher;
  /** A store in memory is read by the connection that has it. */
  readonly snapshots = new Snapshots(() =>
    this.store.path === ':memory:' ? unclosed(this.store.db) : openReader(this.store.path),
  );
  /** What the dispatcher called a defect. */
  readonly internalErrors: unknown[] = [];

  constructor({
    path = ':memory:',
    clock = settableClock(),
    newId = countingIds,
    queryLimitMs = 10_000,
    updater = noUpdater,
  }: CoreOptions = {}) {
    this.clock = clock;
    this.newId = newId(clock);
    this.store = new Store(path, this.newId);
    this.longQueries = new LongQueries({ dbPath: path, followsZone: false }, queryLimitMs);
    this.watchers = new Watchers(() => this.sql);
    this.changes = new Changes({
      store: this.store,
      world: this.world,
      nextOccurrence: loadOccurrences(),
      copies: this.copies,
      onChange: () => this.watchers.wake(),
    });
    this.dispatcher = new Dispatcher({
      world: this.world,
      changes: this.changes,
      longQueries: this.longQueries,
      slowQueries: this.longQueries,
      keeper: new Keeper({
        store: this.store,
        clock,
        copies: this.copies,
        watchers: this.watchers,
        readers: [this.longQueries],
        slowQueries: this.longQueries,
        updater,
        backups: `${dirname(path)}/backups`,
        log: () => undefined,
      }),
      onInternalError: (error) => this.internalErrors.push(error),
      onAnswer: () => undefined,
    });
  }

  get db(): Database {
    return this.store.db;
  }

  get sql(): Statements {
    return this.store.sql;
  }

  get world(): World {
    const { clock, newId, snapshots } = this;
    return worldOf(this.store, { clock, newId, snapshots });
  }

  /** Ask as a client would. @throws {HephError} the daemon's answer. */
  async call<M extends MethodName>(
    method: M,
    params: Params<M>,
    requestId: string = randomUUID(),
  ): Promise<Result<M>> {
    // What a worker would read is in this process's memory alone.
    if ('long' in METHODS[method] && this.store.path === ':memory:')
      return read(this.world, method, params) as Result<M>;
    const isChange = 'mutates' in METHODS[method];
    const all = isChange ? { ...params, request_id: requestId } : params;
    const request = { jsonrpc: '2.0' as const, id: 1, method, params: all };
    const line = await this.dispatcher.dispatch(request, silentPeer());
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
    this.store.changes.mutate(request, (write) => {
      for (const change of changes) write(change);
      return changes.length;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.changes[Symbol.asyncDispose]();
    await this.longQueries[Symbol.asyncDispose]();
    this.watchers.dismiss();
    this.store[Symbol.dispose]();
  }
}

/** Somebody who asks, and to whom nothing else is sent. */
export function silentPeer(notify: Peer['notify'] = () => undefined): Peer {
  const gone = new AbortController().signal;
  return { request: 1, notify, ready: async () => undefined, gone, end: () => undefined };
}

/** A connection that is another's to close, and that reads without a transaction. */
function unclosed(db: Database): Database {
  return {
    prepare: (sql) => db.prepare(sql),
    exec: () => undefined,
    pragma: (text, options) => db.pragma(text, options),
    backup: (path, options) => db.backup(path, options),
    close: () => undefined,
  };
}

/** Every row of every table, for comparing two stores. */
export function dump(
  db: Database,
  tables = [
    'nodes',
    'bodies',
    'projects',
    'journals',
    'tasks',
    'tags',
    'log_entries',
    'links',
    'transactions',
    'changes',
  ],
): Record<string, unknown[]> {
  return Object.fromEntries(
    tables.map((table) => [table, db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()]),
  );
}
