import { createHash } from 'node:crypto';
import * as z from 'zod';
import { HephError, type Problem } from '#core/errors.ts';
import { READERS, WRITERS } from '#daemon/handlers/table.ts';
import type { LongQueries } from '#daemon/long-queries.ts';
import type { World, WriteHandler } from '#daemon/world.ts';
import { failureLine, successLine, type Request } from '#protocol/envelope.ts';
import {
  isMethod,
  METHODS,
  requestId,
  type MethodName,
  type MethodSpec,
  type MutatingMethod,
} from '#protocol/methods.ts';
import type { ChangeLog } from '#store/changes.ts';
import { asHephError } from '#store/problems.ts';

export interface DispatchPorts {
  world: World;
  changes: ChangeLog;
  longQueries: LongQueries;
  /** Told of what should never happen, before the client is. */
  onInternalError(error: unknown, method: string): void;
}

/** Every mutation's params, besides its own. */
const REQUEST = z.object({ request_id: requestId });

/** A request in, a line out. Knows no transport: the same serves any. */
export class Dispatcher {
  readonly #ports: DispatchPorts;

  constructor(ports: DispatchPorts) {
    this.#ports = ports;
  }

  /** Never rejects: what goes wrong is the answer. */
  async dispatch(request: Request): Promise<string> {
    try {
      return successLine(request.id, await this.#answer(request.method, request.params ?? {}));
    } catch (error) {
      return failureLine(request.id, this.#problem(error, request.method));
    }
  }

  #answer(method: string, params: unknown): string | Promise<string> {
    if (!isMethod(method)) throw new HephError({ code: 'unknown_method', method });
    const spec: MethodSpec = METHODS[method];
    const checked = check(method, spec.params, params);
    if (spec.mutates === true) return this.#change(method as MutatingMethod, checked, params);
    if (spec.long === true) return this.#ports.longQueries.run(method, checked);
    return JSON.stringify(read(this.#ports.world, method, checked));
  }

  #change(method: MutatingMethod, checked: unknown, params: unknown): string {
    const { world, changes } = this.#ports;
    const handler = WRITERS[method] as WriteHandler<MethodName>;
    const nowMs = world.clock.nowMs();
    const request = {
      requestId: check(method, REQUEST, params).request_id,
      method,
      fingerprint: createHash('sha256')
        .update(method)
        .update(JSON.stringify(checked))
        .digest('hex'),
      nowMs,
    };
    // One mutation, one moment, however often its handler asks.
    const atThisMoment = { ...world, clock: { ...world.clock, nowMs: () => nowMs } };
    return changes.mutate(request, (write) => handler(atThisMoment, checked as never, write));
  }

  #problem(error: unknown, method: string): Problem {
    const known = asHephError(error);
    if (known instanceof HephError) return known.problem;
    this.#ports.onInternalError(error, method);
    return { code: 'internal', detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Run a question's handler on a world: the daemon's, or the reading worker's. */
export function read(world: World, method: MethodName, params: unknown): unknown {
  const handler = READERS[method as keyof typeof READERS];
  return handler(world, params as never);
}

function check<T>(method: string, schema: z.ZodType<T>, params: unknown): T {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  const detail = parsed.error.issues
    .map((issue) =>
      issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message,
    )
    .join('; ');
  throw new HephError({ code: 'bad_params', method, detail });
}
