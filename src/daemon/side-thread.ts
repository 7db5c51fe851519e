import { SHARE_ENV, Worker } from 'node:worker_threads';
import { HephError, type Problem } from '#core/errors.ts';
import type { AskedChange } from '#daemon/make-change.ts';
import type { MethodName } from '#protocol/methods.ts';

/** What the thread is told and what it answers. */
export type Question = { method: MethodName; params: unknown } | AskedChange;
export interface WorkerData {
  dbPath: string;
  followsZone: boolean;
}
export type Answer = { json: string } | { problem: Problem };

interface Waiting {
  question: Question;
  resolve(json: string): void;
  reject(error: unknown): void;
}

/** The threads' programs stand beside this file, in the tree and in a build alike. */
const PROGRAMS = { reads: 'reading-worker', writes: 'writing-worker' } as const;
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

export interface ThreadOptions extends WorkerData {
  what: keyof typeof PROGRAMS;
  /** How long one question may take; null where it may take what it takes. */
  limitMs: number | null;
}

/**
 * What may take long, one after another in a thread with a connection of its
 * own, so that it never holds up the rest. A question that takes too long is
 * stopped with its thread; the next gets a new one.
 */
export class SideThread implements AsyncDisposable {
  readonly #options: ThreadOptions;
  readonly #queue: Waiting[] = [];
  #worker: Worker | null = null;
  #current: Waiting | null = null;
  #timer: NodeJS.Timeout | undefined;
  #pause: PromiseWithResolvers<void> | null = null;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  /** Start it now, so that the first question need not wait for it. */
  warm(): void {
    this.#worker ??= this.#start();
  }

  /** The result as JSON. */
  run(question: Question): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#queue.push({ question, resolve, reject });
    this.#next();
    return promise;
  }

  /** Ask nothing more of the store, and close it. Resolves when that is so. */
  async pause(): Promise<void> {
    this.#pause ??= Promise.withResolvers();
    if (!this.#current) this.#pause.resolve();
    await this.#pause.promise;
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  /** Go on, with the file that is in place now. */
  resume(): void {
    this.#pause = null;
    this.#next();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    const waiting = this.#queue.splice(0);
    this.#settle((query) => waiting.unshift(query));
    for (const query of waiting) query.reject(new HephError({ code: 'draining' }));
    await worker?.terminate();
  }

  #next(): void {
    if (this.#current || this.#pause) return;
    this.#current = this.#queue.shift() ?? null;
    if (!this.#current) return;
    this.warm();
    const { question } = this.#current;
    const { limitMs } = this.#options;
    if (limitMs !== null)
      this.#timer = setTimeout(() => this.#stop(question.method, limitMs), limitMs);
    this.#worker?.postMessage(question);
  }

  #start(): Worker {
    const { what, dbPath, followsZone } = this.#options;
    const program = new URL(`./${PROGRAMS[what]}.${EXTENSION}`, import.meta.url);
    const workerData: WorkerData = { dbPath, followsZone };
    // Shared, so that a change of TZ reaches the engine's clock there too.
    const worker = new Worker(program, { workerData, env: SHARE_ENV });
    // An idle thread must not keep the daemon from leaving.
    worker.unref();
    worker.on('message', (answer: Answer) => {
      // One that was stopped may still be heard; the query under way is another's.
      if (this.#worker !== worker) return;
      this.#settle((query) => {
        if ('json' in answer) query.resolve(answer.json);
        else query.reject(new HephError(answer.problem));
      });
      this.#next();
    });
    worker.on('error', (error) => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#settle((query) => query.reject(error));
      this.#next();
    });
    return worker;
  }

  #stop(method: MethodName, limitMs: number): void {
    const worker = this.#worker;
    this.#worker = null;
    void worker?.terminate();
    this.#settle((query) =>
      query.reject(new HephError({ code: 'timeout', method, limit_ms: limitMs })),
    );
    this.#next();
  }

  #settle(end: (query: Waiting) => void): void {
    clearTimeout(this.#timer);
    const query = this.#current;
    this.#current = null;
    if (query) end(query);
    this.#pause?.resolve();
  }
}
