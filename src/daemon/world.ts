import type { Change } from '#core/change.ts';
import type { Clock, NewId } from '#core/ports.ts';
import type { MethodName, MutatingMethod, Params, Result } from '#protocol/methods.ts';
import type { Statements } from '#store/sqlite.ts';

/** What a handler may use. */
export interface World {
  sql: Statements;
  clock: Clock;
  newId: NewId;
}

/** Writes one change into the transaction the handler runs in. */
export type Write = (change: Change) => void;

/** Answers a question. Runs wherever its method says: here, or in the reading worker. */
export type ReadHandler<M extends MethodName> = (world: World, params: Params<M>) => Result<M>;

/** Changes the store: whatever it throws, nothing was changed. */
export type WriteHandler<M extends MethodName> = (
  world: World,
  params: Params<M>,
  write: Write,
) => Result<M>;

export type ReadHandlers = {
  [M in Exclude<MethodName, MutatingMethod>]: ReadHandler<M>;
};
export type WriteHandlers = { [M in MutatingMethod]: WriteHandler<M> };
