import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { HephError } from '#core/errors.ts';
import { read } from '#daemon/dispatch.ts';
import type { Answer, Question, ReaderData } from '#daemon/readers.ts';
import type { World } from '#daemon/world.ts';
import { systemClock } from '#node/clock.ts';
import { newUlid } from '#node/new-id.ts';
import { readMeta } from '#store/meta.ts';
import { openReader } from '#store/open.ts';
import { asHephError } from '#store/problems.ts';
import { Snapshots } from '#store/snapshots.ts';
import { Statements } from '#store/sqlite.ts';

/** What `readers.ts` starts: one question at a time, on a connection that can only read. */
const { dbPath, followsZone, parent } = (
  isMainThread ? JSON.parse(process.argv[2] ?? '') : workerData
) as ReaderData & { parent?: number };
if (isMainThread) endWith(parent);

const sql = new Statements(openReader(dbPath));
const world: World = {
  sql,
  clock: systemClock(followsZone),
  newId: newUlid,
  origin: readMeta(sql, 'origin'),
  snapshots: new Snapshots(() => openReader(dbPath)),
};

(parentPort ?? process).on('message', ({ method, params }: Question) => {
  const answered = answer(method, params);
  if (parentPort) parentPort.postMessage(answered);
  else process.send?.(answered);
});

function answer(method: Question['method'], params: unknown): Answer {
  try {
    return { json: JSON.stringify(read(world, method, params)) };
  } catch (error) {
    const known = asHephError(error);
    if (known instanceof HephError) return { problem: known.problem };
    return { problem: { code: 'internal', detail: String(error) } };
  }
}

/**
 * A process ends when hephd ends it, not by a Ctrl-C on its terminal, or when hephd has
 * gone without a word. Of that, SQLite may keep this thread from hearing for minutes.
 */
function endWith(pid: number | undefined): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
  const watch = `setInterval(() => {
    if (process.ppid !== ${pid}) process.kill(process.pid, 'SIGKILL');
  }, 500)`;
  new Worker(watch, { eval: true }).unref();
}
