import { fork } from 'node:child_process';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { Problem } from '#core/errors.ts';
import type { MethodName } from '#protocol/methods.ts';

/** What a reader is told and what it answers. */
export interface Question {
  method: MethodName;
  params: unknown;
}
/** A defect is told whole, for the log. */
export type Answer =
  | { json: string }
  | { problem: Problem }
  | { defect: { message: string; stack: string } };

/** The store that it reads, and how it knows the time. */
export interface ReaderData {
  dbPath: string;
  followsZone: boolean;
}

/** Reads a store beside the daemon, one question at a time. Whoever starts one ends it. */
export interface Reader {
  ask(question: Question): void;
  /** Whatever it is at. Resolves when it has let go of the store. */
  end(): Promise<void>;
}

/** Told of each answer, or that there will be none. */
interface Listener {
  onAnswer: (answer: Answer) => void;
  onFailure: (error: Error) => void;
}

/** Where a reader runs. */
export interface ReaderKind {
  start: (data: ReaderData, listener: Listener) => Reader;
  /** How long one is kept that nobody asks anything; null for as long as hephd runs. */
  keptMs: number | null;
}

/** The reader's program: of the tree, or beside this file in a build. */
const PROGRAM = new URL(
  import.meta.url.endsWith('.ts') ? '../bin/reader.ts' : './reader.js',
  import.meta.url,
);

/** There soon, and ends between two steps of SQLite's: what it does in one, it does to the end of that. */
export const inThread: ReaderKind = { keptMs: null, start: startThread };

function startThread(data: ReaderData, { onAnswer, onFailure }: Listener): Reader {
  // Shared, so that a change of TZ reaches the engine's clock there too.
  const worker = new Worker(PROGRAM, { workerData: data, env: SHARE_ENV });
  worker.unref();
  worker.on('message', onAnswer);
  worker.on('error', onFailure);
  return {
    ask: (question) => worker.postMessage(question),
    end: async () => void (await worker.terminate()),
  };
}

/**
 * For what SQLite does in one step and takes minutes, such as a check of a store: it ends at
 * once. A snapshot that it may hold is let go before it is.
 * @param parent this process, with which it ends.
 */
export function inProcess(parent: number): ReaderKind {
  return { keptMs: 90_000, start: (data, listener) => startProcess({ ...data, parent }, listener) };
}

function startProcess(data: ReaderData & { parent: number }, listener: Listener): Reader {
  const { onAnswer, onFailure } = listener;
  const child = fork(PROGRAM, [JSON.stringify(data)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const { promise: gone, resolve: isGone } = Promise.withResolvers<void>();
  child.on('message', onAnswer);
  child.on('error', (error) => {
    isGone();
    onFailure(error);
  });
  child.on('close', (code, signal) => {
    isGone();
    onFailure(new Error(`the reader ended with ${signal ?? code}: ${said.slice(0, 2000)}`));
  });
  return {
    // Where it could not be started, or has gone, that is told on its own.
    ask: (question) => void (child.connected && child.send(question, () => undefined)),
    end: () => {
      child.kill('SIGKILL');
      return gone;
    },
  };
}
