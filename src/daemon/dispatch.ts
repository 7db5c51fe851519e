import * as z from 'zod';
import { HephError, type Problem } from '#core/errors.ts';
import type { Changes } from '#daemon/changes.ts';
import { READERS } from '#daemon/handlers/table.ts';
import type { Keeper } from '#daemon/keeper.ts';
import type { LongQueries } from '#daemon/long-queries.ts';
import type { Peer } from '#daemon/peer.ts';
import { withSignsOfLife } from '#daemon/signs-of-life.ts';
import type { World } from '#daemon/world.ts';
import { failureLine, successLine, type Request } from '#protocol/envelope.ts';
import {
  isMethod,
  METHODS,
  requestId,
  type KeepingMethod,
  type MethodName,
  type MethodSpec,
  type MutatingMethod,
} from '#protocol/methods.ts';
import { asHephError } from '#store/problems.ts';

export interface DispatchPorts {
  world: World;
  changes: Changes;
  longQueries: LongQueries;
  /** For those that may take minutes. */
  slowQueries: LongQueries;
  keeper: Keeper;
  /** Told of what should never happen, before the client is. */
  onInternalError(error: unknown, method: string): void;
  /** Told of every answer. @param outcome `ok`, or the code of a problem. */
  onAnswer(method: string, outcome: string, ms: number): void;
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
  async dispatch(request: Request, peer: Peer): Promise<string> {
    const { id, method } = request;
    const sinceMs = performance.now();
    const told = (outcome: string) =>
      this.#ports.onAnswer(method, outcome, performance.now() - sinceMs);
    try {
      const answer = await this.#answer(method, request.params ?? {}, peer);
      told('ok');
      return successLine(id, answer);
    } catch (error) {
      const problem = this.#problem(error, method);
      told(problem.code);
      return failureLine(id, problem);
    }
  }

  #answer(method: string, params: unknown, peer: Peer): string | Promise<string> {
    if (!isMethod(method)) throw new HephError({ code: 'unknown_method', method });
    const spec: MethodSpec = METHODS[method];
    const checked = check(method, spec.params, params);
    const { world, changes, longQueries, slowQueries } = this.#ports;
    if (spec.mutates === true) {
      const { request_id: id } = check(method, REQUEST, params);
      const change = { method: method as MutatingMethod, params: checked, requestId: id };
      return withSignsOfLife(peer, (told) => changes.make(change, told));
    }
    if (spec.prepares === true) {
      return withSignsOfLife(peer, () =>
        changes.between(async () => JSON.stringify(read(world, method, checked))),
      );
    }
    if (spec.keeps === true) return this.#keep(method as KeepingMethod, checked, peer);
    if (spec.long === 'apart') return withSignsOfLife(peer, () => slowQueries.run(method, checked));
    if (spec.long === true)
      return withSignsOfLife(peer, () => longQueries.run(method, checked, peer.gone));
    return JSON.stringify(read(world, method, checked));
  }

  async #keep(method: KeepingMethod, checked: unknown, peer: Peer): Promise<string> {
    const { keeper } = this.#ports;
    const answer = await withSignsOfLife<unknown>(peer, (told) =>
      keeper[method](checked as never, told),
    );
    return JSON.stringify(answer);
  }

  #problem(error: unknown, method: string): Problem {
    const known = asHephError(error);
    if (known instanceof HephError) return known.problem;
    this.#ports.onInternalError(error, method);
    return { code: 'internal', detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Run a question's handler on a world: the daemon's, or a reader's. */
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
