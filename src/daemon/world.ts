import type { Change } from '#core/change.ts';
import type { Ulid } from '#core/ids.ts';
import type { Clock, NewId, NextOccurrence } from '#core/ports.ts';
import type {
  KeepingMethod,
  MethodName,
  MutatingMethod,
  Params,
  Result,
} from '#protocol/methods.ts';
import type { Steps } from '#store/changes.ts';
import type { Snapshots } from '#store/snapshots.ts';
import type { Store } from '#store/store.ts';
import type { Statements } from '#store/sqlite.ts';

/** What a handler may use. */
export interface World {
  sql: Statements;
  clock: Clock;
  newId: NewId;
  /** This device, in the change log. */
  origin: Ulid;
  /** For what is read a part at a time. */
  snapshots: Snapshots;
}

/** What a handler that changes something may use besides. */
export interface WriteWorld extends World {
  nextOccurrence: NextOccurrence;
}

/** Writes one change into the transaction the handler runs in. */
export type Write = (change: Change) => void;

/** Answers a question. Runs wherever its method says: here, or in a reader. */
export type ReadHandler<M extends MethodName> = (world: World, params: Params<M>) => Result<M>;

/** Changes the store: whatever it throws, nothing was changed. */
export type WriteHandler<M extends MethodName> = (
  world: WriteWorld,
  params: Params<M>,
  write: Write,
) => Result<M>;

export type ReadHandlers = {
  [M in Exclude<MethodName, MutatingMethod | KeepingMethod>]: ReadHandler<M>;
};
export type WriteHandlers = { [M in Exclude<MutatingMethod, LargeMethod>]: WriteHandler<M> };

/** Changes of as much as somebody likes at once: they are made in parts, and others are answered in between. */
type LargeMethod = 'history.undo' | 'import.commit';

/** As {@link WriteHandler}, a step at a time. */
export type LargeHandler<M extends MethodName> = (
  world: WriteWorld,
  params: Params<M>,
  write: Write,
) => Steps<Result<M>>;

export type LargeHandlers = { [M in LargeMethod]: LargeHandler<M> };

/** What a handler may use, of whichever file is in the store's place at that time. */
export function worldOf(store: Store, others: Pick<World, 'clock' | 'newId' | 'snapshots'>): World {
  return {
    get sql() {
      return store.sql;
    },
    get origin() {
      return store.origin;
    },
    ...others,
  };
}
