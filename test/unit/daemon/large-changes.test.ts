import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NodeRecord } from '#protocol/records.ts';
import { Core } from '../../support/builders.ts';
import { task } from '../../support/records.ts';
import { Sandbox } from '../../support/sandbox.ts';

let sandbox: Sandbox;
let path: string;

beforeEach(async () => {
  sandbox = await Sandbox.make();
  path = sandbox.at('heph.db');
});
afterEach(() => sandbox[Symbol.asyncDispose]());

/** Enough that writing them takes longer than all else that a test does meanwhile. */
const MANY = 3000;

const many = (): NodeRecord[] => Array.from({ length: MANY }, (_, nth) => task(nth + 1));

async function staged(core: Core, records: readonly NodeRecord[]): Promise<string> {
  const { import_id: id } = await core.call('import.begin', {});
  await core.call('import.stage', { import_id: id, part: 0, records: [...records] });
  return id;
}

test('while an import is written, questions are answered, and changes come after it', async () => {
  await using core = new Core({ path });
  await core.file('There before');
  const id = await staged(core, many());
  const ended: string[] = [];
  const noted = async (what: string, work: Promise<unknown>) => {
    await work;
    ended.push(what);
  };
  const imported = noted('import', core.call('import.commit', { import_id: id }));
  const changed = noted('change', core.file('Filed meanwhile'));
  const asked = noted(
    'question',
    core.call('task.next', { limit: 1 }).then(({ rows }) => {
      expect(rows.map(({ title }) => title)).toEqual(['There before']);
    }),
  );
  await Promise.all([imported, changed, asked]);
  expect(ended).toEqual(['question', 'import', 'change']);
  expect(core.list()).toHaveLength(MANY + 2);
});

test('an import that fails lets those who wait go on', async () => {
  await using core = new Core({ path });
  const failed = core.problem('import.commit', { import_id: 'none' });
  const filed = core.file('Filed meanwhile');
  expect(await failed).toMatchObject({ code: 'no_import' });
  expect(await filed).toMatchObject({ title: 'Filed meanwhile' });
});

test('clocks of changes rise, whichever thread makes them', async () => {
  await using core = new Core({ path });
  for (const nth of [1, 2]) {
    await core.file(`By the one ${nth}`);
    const id = await staged(core, [task(nth)]);
    await core.call('import.commit', { import_id: id });
  }
  const inOrder = (order: string) =>
    core.db.prepare(`SELECT hlc FROM transactions ORDER BY ${order}`).pluck().all();
  expect(inOrder('tx')).toHaveLength(4);
  expect(inOrder('tx')).toEqual(inOrder('hlc'));
});

test('an import is taken back as a whole', async () => {
  await using core = new Core({ path });
  const id = await staged(core, many());
  await core.call('import.commit', { import_id: id });
  expect((await core.call('history.undo', {})).undone).toMatchObject({ method: 'import.commit' });
  expect(core.list()).toEqual([]);
});

test('an import that the daemon leaves behind has changed nothing', async () => {
  {
    await using core = new Core({ path });
    const id = await staged(core, many());
    const cut = core.problem('import.commit', { import_id: id });
    await core.largeChanges[Symbol.asyncDispose]();
    expect(await cut).toEqual({ code: 'draining' });
  }
  await using again = new Core({ path });
  expect(again.list()).toEqual([]);
  expect(again.db.pragma('integrity_check', { simple: true })).toBe('ok');
});
