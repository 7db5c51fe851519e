import { workerData } from 'node:worker_threads';
import { answerInThread } from '#daemon/answer-in-thread.ts';
import { read } from '#daemon/dispatch.ts';
import { makeChange } from '#daemon/make-change.ts';
import type { WorkerData } from '#daemon/side-thread.ts';
import type { WriteWorld } from '#daemon/world.ts';
import { systemClock } from '#node/clock.ts';
import { newUlid } from '#node/new-id.ts';
import { loadOccurrences } from '#node/occurrences.ts';
import { openReader } from '#store/open.ts';
import { Snapshots } from '#store/snapshots.ts';
import { Store } from '#store/store.ts';

/** A thread for changes that may be large, and for what is sent to prepare them. */
const { dbPath, followsZone } = workerData as WorkerData;
const store = new Store(dbPath, newUlid);
const world: WriteWorld = {
  sql: store.sql,
  clock: systemClock(followsZone),
  newId: newUlid,
  origin: store.origin,
  snapshots: new Snapshots(() => openReader(dbPath)),
  nextOccurrence: await loadOccurrences(),
};

answerInThread((question) =>
  'requestId' in question
    ? makeChange(world, store.changes, question)
    : JSON.stringify(read(world, question.method, question.params)),
);
