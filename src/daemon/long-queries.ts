import { SHARE_ENV, Worker } from 'node:worker_threads';
import { HephError, type Problem } from '#core/errors.ts';
import type { MethodName } from '#protocol/methods.ts';

/** What the worker is told and what it answers. */
export interface Question {
  method: MethodName;
  params: unknown;
}
export interface WorkerData {
  dbPath: string;
  followsZone: boolean;
}
export type Answer = { json: string } | { problem: Problem };

interface Waiting extends Question {
  resolve(json: string): void;
  reject(error: unknown): void;
}

/** The worker's program stands beside this file, in the tree and in a build alike. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './reading-worker.ts' : './reading-worker.js',
  import.meta.url,
);

/**
 * Queries that may read much, one after another in a worker with a connection
 * of its own, so that they never hold up the rest. One that takes too long is
 * stopped with its worker; the next gets a new one.
 */
export class LongQueries implements AsyncDisposable {
  readonly #data: WorkerData;
  readonly #limitMs: number;
  readonly #queue: Waiting[] = [];
  #worker: Worker | null = null;
  #current: Waiting | null = null;
  #timer: NodeJS.Timeout | undefined;
  #pause: PromiseWithResolvers<void> | null = null;

  constructor(data: WorkerData, limitMs: number) {
    this.#data = data;
    this.#limitMs = limitMs;
  }

  /** Start the worker now, so that the first query need not wait for it. */
  warm(): void {
    this.#worker ??= this.#start();
  }

  /** The result as JSON. */
  run(method: MethodName, params: unknown): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#queue.push({ method, params, resolve, reject });
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
    const { method, params } = this.#current;
    this.#timer = setTimeout(() => this.#stop(method), this.#limitMs);
    this.#worker?.postMessage({ method, params } satisfies Question);
  }

  #start(): Worker {
    // Shared, so that a change of TZ reaches the engine's clock there too.
    const worker = new Worker(WORKER, { workerData: this.#data, env: SHARE_ENV });
    // An idle worker must not keep the daemon from leaving.
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

  #stop(method: MethodName): void {
    const worker = this.#worker;
    this.#worker = null;
    void worker?.terminate();
    this.#settle((query) =>
      query.reject(new HephError({ code: 'timeout', method, limit_ms: this.#limitMs })),
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
