import { readdirSync, renameSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PROGRESS } from '#protocol/envelope.ts';
import type { NodeRecord } from '#protocol/records.ts';
import { Core, dump, silentPeer } from '../../support/builders.ts';
import { task } from '../../support/records.ts';
import { Sandbox } from '../../support/sandbox.ts';

let sandbox: Sandbox;
let path: string;

beforeEach(async () => {
  sandbox = await Sandbox.make();
  path = sandbox.at('heph.db');
});
afterEach(() => {
  vi.useRealTimers();
  return sandbox[Symbol.asyncDispose]();
});

/** Enough for many parts. */
const MANY = 3000;

const many = (): NodeRecord[] => Array.from({ length: MANY }, (_, nth) => task(nth + 1));

async function staged(core: Core, records: readonly NodeRecord[] = many()): Promise<string> {
  const { import_id: id } = await core.call('import.begin', {});
  await core.call('import.stage', { import_id: id, part: 0, records: [...records] });
  return id;
}

const titles = async (core: Core) =>
  (await core.call('task.next', { limit: 2 })).rows.map(({ title }) => title);

/** Notes in which order things end. */
function order(): { of: <T>(what: string, work: Promise<T>) => Promise<T>; ended: string[] } {
  const ended: string[] = [];
  const of = async <T>(what: string, work: Promise<T>) => {
    const result = await work;
    ended.push(what);
    return result;
  };
  return { of, ended };
}

describe('while an import is made', () => {
  test('questions are answered from what was there, and changes come after it, in their order', async () => {
    await using core = new Core({ path });
    await core.file('There before');
    const id = await staged(core);
    const { of, ended } = order();
    const all = [
      of('import', core.call('import.commit', { import_id: id })),
      of('undo', core.call('history.undo', {})),
      of('change', core.file('Filed meanwhile')),
      of('question', titles(core)),
    ];
    await nextTurn();
    expect(await titles(core)).toEqual(['There before']);
    const [, undone] = await Promise.all(all);
    expect(ended).toEqual(['question', 'import', 'undo', 'change']);
    expect(undone).toMatchObject({ undone: { method: 'import.commit' } });
    expect(await titles(core)).toEqual(['There before', 'Filed meanwhile']);
  });

  test('another import begins after it, and takes nothing away from it', async () => {
    await using core = new Core({ path });
    const id = await staged(core);
    const { of, ended } = order();
    const first = of('first', core.call('import.commit', { import_id: id }));
    const second = of('second', core.call('import.begin', {}));
    expect(await first).toMatchObject({ created: MANY });
    expect(await core.problem('import.commit', { import_id: (await second).import_id })).toBeNull();
    expect(ended).toEqual(['first', 'second']);
  });

  test('whoever watches hears of it at its end, whole', async () => {
    await using core = new Core({ path });
    const id = await staged(core);
    const seqs: number[] = [];
    const peer = silentPeer((_, params) => seqs.push((params as { seq: number }).seq));
    core.watchers.add(peer, 0);
    const made = core.call('import.commit', { import_id: id });
    await nextTurn();
    core.watchers.wake();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seqs).toEqual([]);
    await made;
    const last = () => core.db.prepare('SELECT max(seq) FROM changes').pluck().get();
    await expect.poll(() => seqs.at(-1)).toBe(last());
  });

  test('a backup waits, and a restore', async () => {
    await using core = new Core({ path });
    const id = await staged(core);
    const { of, ended } = order();
    const copy = sandbox.at('copy.db');
    const made = of('import', core.call('import.commit', { import_id: id }));
    await nextTurn();
    await Promise.all([made, of('backup', core.call('store.backup', { path: copy }))]);
    expect(ended).toEqual(['import', 'backup']);
    await core.call('history.undo', {});
    expect(await core.call('store.restore', { path: copy })).toMatchObject({ nodes: MANY });
  });

  test('the same request again gets the same answer', async () => {
    await using core = new Core({ path });
    const import_id = await staged(core);
    const ask = () => core.call('import.commit', { import_id }, 'the-one-request');
    const [first, again] = await Promise.all([ask(), ask()]);
    expect(again).toEqual(first);
    expect(first).toMatchObject({ created: MANY });
  });
});

test('it waits for whoever copies the store', async () => {
  await using core = new Core({ path });
  const id = await staged(core);
  const { of, ended } = order();
  const copy = Promise.withResolvers<void>();
  const copied = of(
    'copy',
    core.copies.take(() => copy.promise),
  );
  const made = of('import', core.call('import.commit', { import_id: id }));
  await of('question', titles(core));
  copy.resolve();
  await Promise.all([copied, made]);
  expect(ended).toEqual(['question', 'copy', 'import']);
});

test('an import that fails lets those who wait go on', async () => {
  await using core = new Core({ path });
  const failed = core.problem('import.commit', { import_id: 'none' });
  const filed = core.file('Filed meanwhile');
  expect(await failed).toMatchObject({ code: 'no_import' });
  expect(await filed).toMatchObject({ title: 'Filed meanwhile' });
});

test('where nobody could be answered meanwhile, it changes nothing, and the next change is made', async () => {
  await using core = new Core({ path });
  const id = await staged(core);
  renameSync(path, `${path}.away`);
  expect(await core.problem('import.commit', { import_id: id })).toMatchObject({
    code: 'internal',
    detail: expect.stringContaining('cannot open the store'),
  });
  renameSync(`${path}.away`, path);
  await core.file('Filed after');
  expect(await titles(core)).toEqual(['Filed after']);
});

test('while a backup is checked, a change need not wait for that', async () => {
  await using core = new Core({ path });
  await core.file('There before');
  const { of, ended } = order();
  const check = Promise.withResolvers<string>();
  core.longQueries.run = () => check.promise;
  const copied = of('backup', core.call('store.backup', { path: sandbox.at('copy.db') }));
  await expect
    .poll(() => readdirSync(sandbox.at('.')).some((name) => name.endsWith('.part')))
    .toBe(true);
  await of('undo', core.call('history.undo', {}));
  check.resolve('{"problems":[]}');
  await copied;
  expect(ended).toEqual(['undo', 'backup']);
});

test('one that is given up has changed nothing, says so, and lets those who wait go on', async () => {
  await using core = new Core({ path });
  await core.file('There before');
  const before = dump(core.db);
  const id = await staged(core);
  const cut = core.problem('import.commit', { import_id: id });
  await nextTurn();
  core.changes.giveUp();
  expect(await cut).toEqual({ code: 'draining' });
  expect(dump(core.db)).toEqual(before);
  await core.file('Filed after');
  expect(await titles(core)).toEqual(['There before', 'Filed after']);
});

test('at the end, what is made in parts is given up, and the rest is made', async () => {
  await using core = new Core({ path });
  const id = await staged(core);
  const cut = core.problem('import.commit', { import_id: id });
  const filed = core.file('Asked for in time');
  await nextTurn();
  await core.changes[Symbol.asyncDispose]();
  expect(await titles(core)).toEqual(['Asked for in time']);
  expect(await cut).toEqual({ code: 'draining' });
  await filed;
});

test.each([
  ['task.add', { title: 'x', request_id: 'some-request' }],
  ['import.begin', {}],
])('%s that waits for its turn says so', async (method, params) => {
  await using core = new Core({ path });
  const import_id = await staged(core, [task(1)]);
  const copy = Promise.withResolvers<void>();
  const copied = core.copies.take(() => copy.promise);
  const made = core.call('import.commit', { import_id });
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const told: string[] = [];
  const peer = silentPeer((notification) => told.push(notification));
  const answer = core.dispatcher.dispatch({ jsonrpc: '2.0', id: 1, method, params }, peer);
  await vi.advanceTimersByTimeAsync(2000);
  vi.useRealTimers();
  expect(told).toEqual([PROGRESS]);
  copy.resolve();
  await Promise.all([copied, made]);
  expect(JSON.parse(await answer)).toHaveProperty('result');
});

test.each([
  ['is made', () => undefined],
  ['is given up', (core: Core) => core.changes.giveUp()],
])('one that %s leaves nothing open', async (_, meanwhile) => {
  const core = new Core({ path });
  const made = core.problem('import.commit', { import_id: await staged(core) });
  await nextTurn();
  // A connection opens its files when it is first asked.
  await titles(core);
  meanwhile(core);
  await made;
  await core[Symbol.asyncDispose]();
  // SQLite takes them away with the last connection.
  expect(readdirSync(sandbox.path).filter((name) => /-(?:wal|shm)$/.test(name))).toEqual([]);
});

test('a large import is taken back as a whole, and that can be taken in again', async () => {
  await using core = new Core({ path });
  await core.call('import.commit', { import_id: await staged(core) });
  const again = many().map((record) => ({ ...record, title: `${record.title}, again` }));
  await core.call('import.commit', { import_id: await staged(core, again) });
  await core.call('history.undo', {});
  const rows = () => core.call('task.next', { limit: 1 });
  expect((await rows()).rows).toMatchObject([{ title: expect.not.stringContaining('again') }]);
  expect((await core.call('history.undo', {})).undone).toMatchObject({ method: 'import.commit' });
  expect((await rows()).rows).toEqual([]);
  expect(core.db.pragma('integrity_check', { simple: true })).toBe('ok');
});
