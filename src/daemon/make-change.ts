import { createHash } from 'node:crypto';
import { WRITERS } from '#daemon/handlers/table.ts';
import type { WriteHandler, WriteWorld } from '#daemon/world.ts';
import type { MethodName, MutatingMethod } from '#protocol/methods.ts';
import type { ChangeLog } from '#store/changes.ts';

/** A change that somebody asked for, with its params as they have been checked. */
export interface AskedChange {
  method: MutatingMethod;
  params: unknown;
  requestId: string;
  /** One mutation, one moment, however often its handler asks. */
  nowMs: number;
}

/**
 * Run the handler of a change in one transaction.
 * @returns its answer as JSON; the first one where it was asked before.
 * @throws {HephError} with nothing changed.
 */
export function makeChange(world: WriteWorld, changes: ChangeLog, asked: AskedChange): string {
  const { method, params, requestId, nowMs } = asked;
  const handler = WRITERS[method] as WriteHandler<MethodName>;
  const fingerprint = createHash('sha256')
    .update(method)
    .update(JSON.stringify(params))
    .digest('hex');
  const atThatMoment = { ...world, clock: { ...world.clock, nowMs: () => nowMs } };
  return changes.mutate({ requestId, method, fingerprint, nowMs }, (write) =>
    handler(atThatMoment, params as never, write),
  );
}
