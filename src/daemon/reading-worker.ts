import { parentPort, workerData } from 'node:worker_threads';
import { HephError } from '#core/errors.ts';
import { read } from '#daemon/dispatch.ts';
import type { Answer, Question, WorkerData } from '#daemon/long-queries.ts';
import type { World } from '#daemon/world.ts';
import { systemClock } from '#node/clock.ts';
import { newUlid } from '#node/new-id.ts';
import { readMeta } from '#store/meta.ts';
import { openReader } from '#store/open.ts';
import { asHephError } from '#store/problems.ts';
import { Snapshots } from '#store/snapshots.ts';
import { Statements } from '#store/sqlite.ts';

/** The worker of `long-queries.ts`: one question at a time, on a connection that can only read. */
const { dbPath, followsZone } = workerData as WorkerData;
const sql = new Statements(openReader(dbPath));
const world: World = {
  sql,
  clock: systemClock(followsZone),
  newId: newUlid,
  origin: readMeta(sql, 'origin'),
  snapshots: new Snapshots(() => openReader(dbPath)),
};

parentPort?.on('message', ({ method, params }: Question) => {
  parentPort?.postMessage(answer(method, params));
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
