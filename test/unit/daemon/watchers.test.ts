import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Keeper } from '#daemon/keeper.ts';
import type { Peer } from '#daemon/peer.ts';
import { Watchers } from '#daemon/watchers.ts';
import type { ChangeEvent } from '#protocol/history.ts';
import { lastSeq } from '#store/history.ts';
import { Core, noUpdater } from '../../support/builders.ts';

/** What a watcher sends at a time, before it looks at whether there is room. */
const BATCH = 100;

let core: Core;
beforeEach(() => {
  core = new Core();
});
afterEach(() => core[Symbol.asyncDispose]());

/** Somebody who watches, and reads only when a test lets it. */
function watcher() {
  const events: ChangeEvent[] = [];
  const left = new AbortController();
  let room = Promise.resolve();
  let makeRoom = () => undefined as void;
  let ends = 0;
  const peer: Peer = {
    request: 1,
    notify: (method, params) => {
      expect(method).toBe('changed');
      events.push(params as ChangeEvent);
    },
    ready: () => room,
    gone: left.signal,
    end: () => void ends++,
  };
  return {
    peer,
    events,
    seqs: () => events.map(({ seq }) => seq),
    ends: () => ends,
    leave: () => left.abort(),
    stopReading: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      room = promise;
      makeRoom = resolve;
    },
    readOn: () => {
      room = Promise.resolve();
      makeRoom();
    },
  };
}

/** Time for all that is under way. */
async function turns(count = 50): Promise<void> {
  for (let i = 0; i < count; i++) await nextTurn();
}

/** So many entries of the change log. */
function log(count: number): void {
  const [node] = [core.newId()];
  core.write({ node, field: 'created', value: { kind: 'doc', at_ms: core.clock.nowMs() } });
  const titles = Array.from(
    { length: count - 1 },
    (_, i) => ({ node, field: 'title', value: `Title ${i}` }) as const,
  );
  core.write(...titles);
}

const upTo = (last: number, first = 1) =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

test('a change is told once, with what it changed, when and by what', async () => {
  const { peer, events } = watcher();
  core.watchers.add(peer, 0);
  const { node_id: id } = await core.file('Buy milk');
  await turns();
  expect(events.map(({ seq }) => seq)).toEqual(upTo(lastSeq(core.sql)));
  expect(events.find(({ field }) => field === 'title')).toEqual({
    seq: expect.any(Number),
    node_id: id,
    kind: 'task',
    title: 'Buy milk',
    field: 'title',
    value: 'Buy milk',
    tx: 1,
    at: core.clock.nowMs(),
    origin: core.store.origin,
    method: 'task.add',
  });
});

test('nothing is told before the turn is over in which it was asked for', async () => {
  log(3);
  const { peer, seqs } = watcher();
  core.watchers.add(peer, 0);
  await Promise.resolve();
  expect(seqs()).toEqual([]);
  await turns();
  expect(seqs()).toEqual([1, 2, 3]);
});

describe('one that is slow', () => {
  test('gets everything in order, and no more is sent ahead than one batch', async () => {
    const { peer, seqs, stopReading, readOn } = watcher();
    stopReading();
    core.watchers.add(peer, 0);
    log(3 * BATCH + 7);
    core.watchers.wake();
    await turns();
    expect(seqs()).toEqual(upTo(BATCH));
    core.watchers.wake();
    log(BATCH);
    core.watchers.wake();
    await turns();
    expect(seqs()).toEqual(upTo(BATCH));
    readOn();
    await turns();
    expect(seqs()).toEqual(upTo(4 * BATCH + 7));
  });

  test('holds up nobody else', async () => {
    const [slow, quick] = [watcher(), watcher()];
    slow.stopReading();
    core.watchers.add(slow.peer, 0);
    core.watchers.add(quick.peer, 0);
    log(5 * BATCH);
    core.watchers.wake();
    await turns();
    expect(quick.seqs()).toEqual(upTo(5 * BATCH));
    expect(slow.seqs()).toEqual(upTo(BATCH));
  });

  test('and leaves, is forgotten, and is sent nothing more', async () => {
    const { peer, seqs, stopReading, readOn, leave } = watcher();
    stopReading();
    core.watchers.add(peer, 0);
    log(2 * BATCH);
    core.watchers.wake();
    await turns();
    leave();
    readOn();
    core.watchers.wake();
    await turns();
    expect(seqs()).toEqual(upTo(BATCH));
  });
});

test('one that had gone before it was added is not kept', async () => {
  const { peer, seqs, ends, leave } = watcher();
  leave();
  core.watchers.add(peer, 0);
  log(3);
  core.watchers.wake();
  await turns();
  core.watchers.dismiss();
  expect([seqs(), ends()]).toEqual([[], 0]);
});

test('thousands of entries are caught up with, and others have their turn meanwhile', async () => {
  log(5000);
  const { peer, seqs } = watcher();
  core.watchers.add(peer, 1000);
  let turnsBetween = 0;
  while (seqs().length < 4000) {
    await nextTurn();
    turnsBetween++;
  }
  expect(seqs()).toEqual(upTo(5000, 1001));
  expect(turnsBetween).toBeGreaterThanOrEqual(4000 / BATCH);
});

test('all are dismissed: each connection is ended once, and nothing more is sent', async () => {
  const all = [watcher(), watcher()];
  for (const { peer } of all) core.watchers.add(peer, 0);
  core.watchers.dismiss();
  log(3);
  core.watchers.wake();
  core.watchers.dismiss();
  await turns();
  expect(all.map(({ ends, seqs }) => [ends(), seqs()])).toEqual([
    [1, []],
    [1, []],
  ]);
});

test('a log that cannot be read ends the connection, and harms nobody', async () => {
  let isBroken = true;
  const watchers = new Watchers(() => {
    if (isBroken) throw new Error('disk I/O error');
    return core.sql;
  });
  const [first, second] = [watcher(), watcher()];
  watchers.add(first.peer, 0);
  await turns();
  expect(first.ends()).toBe(1);
  isBroken = false;
  log(3);
  watchers.add(second.peer, 0);
  watchers.wake();
  await turns();
  expect([first.seqs(), second.seqs()]).toEqual([[], [1, 2, 3]]);
});

describe('where a watch begins', () => {
  test.each([
    ['after the newest, when nothing is said', undefined, 5],
    ['after the entry named', 2, 2],
    ['with the first', 0, 0],
    ['after the newest, where the entry named is beyond it', 99, 5],
  ])('%s', async (_, since, seq) => {
    log(5);
    const { peer, seqs } = watcher();
    const keeper = new Keeper({
      store: core.store,
      clock: core.clock,
      copies: core.copies,
      watchers: core.watchers,
      slowQueries: core.longQueries,
      readers: [],
      updater: noUpdater,
      backups: '/nonexistent',
      log: () => undefined,
    });
    expect(await keeper['history.watch']({ since }, peer)).toEqual({ seq });
    log(2);
    core.watchers.wake();
    await turns();
    expect(seqs()).toEqual(upTo(7, seq + 1));
  });
});
