import { workerData } from 'node:worker_threads';
import { answerInThread } from '#daemon/answer-in-thread.ts';
import { read } from '#daemon/dispatch.ts';
import type { WorkerData } from '#daemon/side-thread.ts';
import type { World } from '#daemon/world.ts';
import { systemClock } from '#node/clock.ts';
import { newUlid } from '#node/new-id.ts';
import { readMeta } from '#store/meta.ts';
import { openReader } from '#store/open.ts';
import { Snapshots } from '#store/snapshots.ts';
import { Statements } from '#store/sqlite.ts';

/** A thread for questions that may read much, on a connection that can only read. */
const { dbPath, followsZone } = workerData as WorkerData;
const sql = new Statements(openReader(dbPath));
const world: World = {
  sql,
  clock: systemClock(followsZone),
  newId: newUlid,
  origin: readMeta(sql, 'origin'),
  snapshots: new Snapshots(() => openReader(dbPath)),
};

answerInThread(({ method, params }) => JSON.stringify(read(world, method, params)));
