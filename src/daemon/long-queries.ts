import { HephError } from '#core/errors.ts';
import {
  inThread,
  type Answer,
  type Question,
  type Reader,
  type ReaderData,
  type ReaderKind,
} from '#daemon/readers.ts';
import type { MethodName } from '#protocol/methods.ts';

interface Waiting extends Question {
  resolve(json: string): void;
  reject(error: unknown): void;
  /** Nobody waits for it any more. */
  gone: AbortSignal | undefined;
  onGone: () => void;
}

/** What is nearly done is let come to its end, and spares the next one a new reader. */
const GONE_MS = 1000;

/**
 * Queries that may read much, one after another in a reader with a connection
 * of its own, so that they never hold up the rest. One that takes too long is
 * stopped with its reader, as is one whose asker has gone; the next gets a new one.
 */
export class LongQueries implements AsyncDisposable {
  readonly #data: ReaderData;
  readonly #limitMs: number;
  readonly #kind: ReaderKind;
  readonly #queue: Waiting[] = [];
  #reader: Reader | null = null;
  #current: Waiting | null = null;
  #timer: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  #pause: PromiseWithResolvers<void> | null = null;
  #isEnded = false;

  constructor(data: ReaderData, limitMs: number, kind: ReaderKind = inThread) {
    this.#data = data;
    this.#limitMs = limitMs;
    this.#kind = kind;
  }

  /** Start the reader now, so that the first query need not wait for it. */
  warm(): void {
    this.#reader ??= this.#start();
  }

  /**
   * The result as JSON.
   * @param gone aborted when nobody waits for it any more.
   * @throws {HephError} also `timeout`; `draining` when the daemon leaves, or `gone` is aborted.
   */
  run(method: MethodName, params: unknown, gone?: AbortSignal): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const query: Waiting = {
      method,
      params,
      resolve,
      reject,
      gone,
      onGone: () => this.#drop(query),
    };
    if (this.#isEnded || gone?.aborted === true) reject(new HephError({ code: 'draining' }));
    else {
      gone?.addEventListener('abort', query.onGone, { once: true });
      this.#queue.push(query);
      this.#next();
    }
    return promise;
  }

  /** Ask nothing more of the store, and close it. Resolves when that is so. */
  async pause(): Promise<void> {
    this.#pause ??= Promise.withResolvers();
    if (!this.#current) this.#pause.resolve();
    await this.#pause.promise;
    await this.#letGo();
  }

  /** Go on, with the file that is in place now. */
  resume(): void {
    this.#pause = null;
    this.#next();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true;
    const reader = this.#letGo();
    const waiting = this.#queue.splice(0);
    this.#settle((query) => waiting.unshift(query));
    for (const query of waiting) query.reject(new HephError({ code: 'draining' }));
    await reader;
  }

  #next(): void {
    if (this.#current || this.#pause) return;
    this.#current = this.#queue.shift() ?? null;
    if (!this.#current) return;
    clearTimeout(this.#idle);
    const { method, params } = this.#current;
    this.#timer = setTimeout(() => this.#stop(method), this.#limitMs);
    try {
      this.warm();
      this.#reader?.ask({ method, params });
    } catch (error) {
      this.#fail(error);
    }
  }

  #start(): Reader {
    const reader = this.#kind.start(this.#data, {
      onAnswer: (answer) => {
        // One that was stopped may still be heard; the query under way is another's.
        if (this.#reader === reader) this.#answered(answer);
      },
      onFailure: (error) => {
        if (this.#reader === reader) this.#fail(error);
      },
    });
    return reader;
  }

  #answered(answer: Answer): void {
    this.#settle((query) => {
      if ('json' in answer) query.resolve(answer.json);
      else if ('problem' in answer) query.reject(new HephError(answer.problem));
      else query.reject(Object.assign(new Error(), answer.defect));
    });
    const { keptMs } = this.#kind;
    if (keptMs !== null) this.#idle = setTimeout(() => void this.#letGo(), keptMs).unref();
    this.#next();
  }

  #stop(method: MethodName): void {
    this.#fail(new HephError({ code: 'timeout', method, limit_ms: this.#limitMs }));
    // The next question finds one that is ready, as the first did.
    if (this.#kind.keptMs === null && this.#pause === null) this.#warmIfPossible();
  }

  #warmIfPossible(): void {
    try {
      this.warm();
    } catch {
      // Whoever asks next is told why.
    }
  }

  #fail(error: unknown): void {
    void this.#letGo();
    this.#settle((query) => query.reject(error));
    this.#next();
  }

  #drop(query: Waiting): void {
    if (query === this.#current) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#stop(query.method), GONE_MS);
      return;
    }
    this.#queue.splice(this.#queue.indexOf(query), 1);
    query.reject(new HephError({ code: 'draining' }));
  }

  async #letGo(): Promise<void> {
    const reader = this.#reader;
    this.#reader = null;
    clearTimeout(this.#idle);
    await reader?.end();
  }

  #settle(end: (query: Waiting) => void): void {
    clearTimeout(this.#timer);
    const query = this.#current;
    this.#current = null;
    query?.gone?.removeEventListener('abort', query.onGone);
    if (query) end(query);
    this.#pause?.resolve();
  }
}
