import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Question, ReaderData } from '#daemon/readers.ts';
import { answersOf } from '#daemon/reading.ts';

/** A reader of hephd's, as `daemon/readers.ts` starts it: a thread, or a process that is told of the store in JSON. */
if (isMainThread) {
  const { parent, ...data } = JSON.parse(process.argv[2] ?? '') as ReaderData & { parent: number };
  endWith(parent);
  const answer = answersOf(data);
  process.on('message', (question: Question) => void process.send?.(answer(question)));
} else {
  const answer = answersOf(workerData as ReaderData);
  parentPort?.on('message', (question: Question) => parentPort?.postMessage(answer(question)));
}

/**
 * It ends when hephd ends it, not by a Ctrl-C on its terminal, or when hephd has gone
 * without a word. Of that, SQLite may keep this thread from hearing for minutes.
 */
function endWith(parent: number): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
  const watch = `setInterval(() => {
    if (process.ppid !== ${parent}) process.kill(process.pid, 'SIGKILL');
  }, 500)`;
  new Worker(watch, { eval: true }).unref();
}
