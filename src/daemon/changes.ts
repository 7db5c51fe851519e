import { createHash } from 'node:crypto';
import { HephError } from '#core/errors.ts';
import type { NextOccurrence } from '#core/ports.ts';
import { LARGE_WRITERS, WRITERS } from '#daemon/handlers/table.ts';
import type { Peer } from '#daemon/peer.ts';
import { Turns } from '#daemon/turns.ts';
import type { LargeHandler, World, WriteHandler, WriteWorld } from '#daemon/world.ts';
import { PROGRESS } from '#protocol/envelope.ts';
import type { MethodName, MutatingMethod } from '#protocol/methods.ts';
import type { Store } from '#store/store.ts';

export interface ChangesPorts {
  store: Store;
  world: World;
  /** Resolves soon: reading what knows about recurrence takes longer than the rest of a start. */
  nextOccurrence: Promise<NextOccurrence>;
  /** The turns of those who copy the store or replace it, which needs a store between two changes. */
  copies: Turns;
  /** Something was changed. */
  onChange: () => void;
}

/** A change that somebody asks for, its params checked. */
export interface ChangeRequest {
  method: MutatingMethod;
  params: unknown;
  requestId: string;
}

/** How often at most whoever asked for a large change hears how far it is. */
const TELL_MS = 200;

/**
 * All changes of the store, one after another, in the order in which they were
 * asked for. A large one is made in parts: whoever asks something is answered in
 * between, and whoever changes something waits.
 */
export class Changes implements AsyncDisposable {
  readonly #ports: ChangesPorts;
  readonly #turns = new Turns();
  #isGivenUp = false;

  constructor(ports: ChangesPorts) {
    this.#ports = ports;
  }

  /**
   * @param peer told how far a large one is.
   * @returns the answer as JSON.
   * @throws {HephError} with nothing changed.
   */
  make(request: ChangeRequest, peer: Peer): Promise<string> {
    return this.between(async () => {
      const answer = await this.#make(request, peer, await this.#ports.nextOccurrence);
      this.#ports.onChange();
      return answer;
    });
  }

  /** Do something else in the order of changes, while none is being made. */
  between<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(work);
  }

  /** Make nothing more in parts: what is being made so ends there, with nothing changed. */
  giveUp(): void {
    this.#isGivenUp = true;
  }

  /** Resolves when no change is being made, and none waits. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.giveUp();
    await this.between(async () => undefined);
  }

  async #make(
    { method, params, requestId }: ChangeRequest,
    peer: Peer,
    nextOccurrence: NextOccurrence,
  ): Promise<string> {
    const { store, copies } = this.#ports;
    const nowMs = this.#ports.world.clock.nowMs();
    const request = { requestId, method, fingerprint: fingerprint(method, params), nowMs };
    if (isLarge(method)) {
      const handler = LARGE_WRITERS[method] as LargeHandler<MethodName>;
      return copies.take(() => {
        const world = this.#worldAt(nowMs, nextOccurrence);
        const steps = store.changes.inSteps(request, (write) =>
          handler(world, params as never, write),
        );
        return store.inParts(steps, this.#goOn(peer));
      });
    }
    const handler = WRITERS[method] as WriteHandler<MethodName>;
    const world = this.#worldAt(nowMs, nextOccurrence);
    return store.changes.mutate(request, (write) => handler(world, params as never, write));
  }

  #goOn(peer: Peer): (share: number | null) => void {
    let toldMs = performance.now();
    return (share) => {
      if (this.#isGivenUp) throw new HephError({ code: 'draining' });
      if (share === null || performance.now() - toldMs < TELL_MS) return;
      toldMs = performance.now();
      peer.notify(PROGRESS, { id: peer.request, done: share, total: 1 });
    };
  }

  /** One change, one moment, however often its handler asks. */
  #worldAt(nowMs: number, nextOccurrence: NextOccurrence): WriteWorld {
    const { world, store } = this.#ports;
    const clock = { ...world.clock, nowMs: () => nowMs };
    return { ...world, sql: store.writing, clock, nextOccurrence };
  }
}

function isLarge(method: MutatingMethod): method is keyof typeof LARGE_WRITERS {
  return Object.hasOwn(LARGE_WRITERS, method);
}

function fingerprint(method: string, params: unknown): string {
  return createHash('sha256').update(method).update(JSON.stringify(params)).digest('hex');
}
