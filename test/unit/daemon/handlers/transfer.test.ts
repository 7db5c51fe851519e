import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeRecord, type NodeRecord } from '#protocol/records.ts';
import { Core, dump } from '../../../support/builders.ts';
import { ID, common, task, page, importInto, exportOf } from '../../../support/records.ts';
import { step, take } from '../../../support/steps.ts';
import { Sandbox } from '../../../support/sandbox.ts';

let core: Core;
beforeEach(() => {
  core = new Core();
});
afterEach(() => core[Symbol.asyncDispose]());

const transactions = (of: Core) => dump(of.db, ['transactions'])['transactions'];

test('an export imported elsewhere is the same, and imported again changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      await using from = new Core();
      for (const one of steps) await take(from, one);
      const records = await exportOf(from);
      for (const record of records) expect(nodeRecord.parse(record)).toEqual(record);

      const before = dump(from.db);
      const itself = await importInto(from, records);
      expect(itself).toEqual({ created: 0, updated: 0, unchanged: records.length, refused: [] });
      expect(dump(from.db)).toEqual(before);

      await using to = new Core();
      const half = Math.ceil(records.length / 2);
      const made = await importInto(to, records.slice(half), records.slice(0, half));
      expect(made).toEqual({ created: records.length, updated: 0, unchanged: 0, refused: [] });
      expect(await exportOf(to)).toEqual(records);
      expect((await importInto(to, records)).unchanged).toBe(records.length);

      const { undone } = await to.call('history.undo', {});
      if (records.length > 0) expect(undone?.method).toBe('import.commit');
      expect((await exportOf(to)).filter(({ tombstoned }) => !tombstoned)).toEqual([]);
      expect([...from.internalErrors, ...to.internalErrors]).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

describe('what comes in', () => {
  test('is one change, and taken back as one; what was there is as it was', async () => {
    await core.file('Mine', { tags: ['a'], context: 'text' });
    const [mine] = await exportOf(core);
    if (mine?.kind !== 'task') throw new Error('no task');
    await importInto(core, [
      task(1, { project: 'Home' }),
      { ...mine, title: 'Theirs', state: 'done', tags: ['b'], body: 'other', key: 'k' },
    ]);
    expect(core.list({ all: true }).map(({ title, state }) => [title, state])).toEqual([
      ['Node 1', 'outstanding'],
      ['Theirs', 'done'],
    ]);
    await core.call('history.undo', {});
    const after = await exportOf(core);
    expect(after.filter(({ tombstoned }) => !tombstoned)).toEqual([
      { ...mine, updated_at: expect.any(Number) },
    ]);
  });

  test('keeps when it was made and changed, its log, and the key it had when it was closed', async () => {
    const record = task(1, {
      state: 'done',
      key: 'k',
      body: 'A body',
      tags: ['a'],
      log: [{ entry_id: ID(900), at: 5, text: 'Noted' }],
    });
    await importInto(core, [record, task(2, { key: 'k' })]);
    expect(await exportOf(core)).toEqual([record, task(2, { key: 'k' })]);
    const { node_id: id, created } = await core.file('Again', { key: 'k' });
    expect([id, created]).toEqual([ID(2), false]);
  });

  test('has projects by their name, made once; or by their id, which may come later', async () => {
    const home: NodeRecord = { kind: 'project', ...common(50), title: 'Home', archived: false };
    await importInto(core, [
      task(1, { project: 'Garden' }),
      task(2, { project: 'garden' }),
      task(3, { project: 'Home', project_id: ID(50) }),
      task(4, { project: 'Garden', project_id: ID(999) }),
      home,
    ]);
    expect(core.list().map(({ title, project }) => [title, project])).toEqual([
      ['Node 1', 'Garden'],
      ['Node 2', 'Garden'],
      ['Node 3', 'Home'],
      ['Node 4', 'Garden'],
    ]);
    expect((await exportOf(core)).filter(({ kind }) => kind === 'project')).toHaveLength(2);
  });

  test('of a deleted project is the same the second time', async () => {
    const home: NodeRecord = { kind: 'project', ...common(50), archived: false, tombstoned: true };
    const records = [task(1, { project_id: ID(50), project: 'Node 50' }), home];
    await importInto(core, records);
    expect(await importInto(core, records)).toMatchObject({ updated: 0, unchanged: 2 });
    const again = await exportOf(core);
    expect(await importInto(core, again)).toMatchObject({ updated: 0, unchanged: 2 });
  });

  test('with a recurrence in words has the rule that the words mean', async () => {
    await importInto(core, [task(1, { recurrence: 'every 2 weeks', do_on: '2026-11-20' })]);
    expect(core.list()[0]?.recurrence).toBe('FREQ=WEEKLY;INTERVAL=2;BYDAY=FR');
    await core.call('task.done', { ids: [ID(1)] });
    expect(core.list()[0]?.do_on).toBe('2026-12-04');
  });

  test('a task may come back while another has the key it had', async () => {
    await importInto(core, [task(1, { state: 'done', key: 'k' }), task(2, { key: 'k' })]);
    expect(await importInto(core, [task(1)])).toMatchObject({ updated: 1, refused: [] });
    expect(await importInto(core, [task(1, { state: 'done', key: 'k' })])).toMatchObject({
      updated: 1,
    });
    const deleted = task(1, { key: 'k', tombstoned: true });
    expect(await importInto(core, [deleted])).toMatchObject({ updated: 1, refused: [] });
    expect((await exportOf(core))[0]).toEqual(deleted);
  });
});

describe('the page of a day that has one', () => {
  async function mine(): Promise<NodeRecord> {
    await core.call('journal.write', { date: '2026-11-18', append: 'Mine.' });
    const [only] = await exportOf(core);
    if (!only) throw new Error('no page');
    return only;
  }
  const living = async () =>
    (await exportOf(core)).filter((record) => !record.tombstoned) as Journal[];

  test('is joined: text, tags and log', async () => {
    const own = await mine();
    const log = [{ entry_id: ID(900), at: 5, text: 'Noted' }];
    await importInto(core, [page(1, { body: 'Theirs.\n', tags: ['a'], log })]);
    expect(await living()).toEqual([
      { ...own, body: 'Mine.\nTheirs.\n', tags: ['a'], log, updated_at: expect.any(Number) },
    ]);
  });

  test('is joined once, however often it comes, and all of it can be exported', async () => {
    await mine();
    const theirs = page(1, { body: 'Theirs.\n', log: [{ entry_id: ID(900), at: 5, text: 'N' }] });
    await importInto(core, [theirs]);
    const before = await exportOf(core);
    for (const record of before) expect(nodeRecord.parse(record)).toEqual(record);
    expect(await importInto(core, [theirs])).toMatchObject({ updated: 0, unchanged: 1 });
    expect(await exportOf(core)).toEqual(before);
    await using to = new Core();
    await importInto(to, before);
    expect(await exportOf(to)).toEqual(before);
  });

  test('is made by the first of two that come for it, and joined by the second', async () => {
    await importInto(core, [page(1, { body: 'One' }), page(2, { body: 'Two' })]);
    expect((await living()).map(({ node_id: id, body }) => [id, body])).toEqual([
      [ID(1), 'One\nTwo\n'],
    ]);
  });

  test('and is taken back', async () => {
    const own = await mine();
    await importInto(core, [page(1, { body: 'Theirs.' })]);
    await core.call('history.undo', {});
    expect(await living()).toEqual([{ ...own, updated_at: expect.any(Number) }]);
  });
});

describe('the parts of an import', () => {
  test('may come twice, and in any order: each counts once', async () => {
    const { import_id: id } = await core.call('import.begin', {});
    const part = (number: number, ...records: NodeRecord[]) =>
      core.call('import.stage', { import_id: id, part: number, records });
    expect(await part(2, task(3))).toEqual({ staged: 1 });
    expect(await part(0, task(1), task(9))).toEqual({ staged: 3 });
    expect(await part(0, task(1))).toEqual({ staged: 2 });
    expect(await part(1)).toEqual({ staged: 2 });
    expect(core.list()).toEqual([]);
    const request = randomUUID();
    const first = await core.call('import.commit', { import_id: id }, request);
    expect(first).toMatchObject({ created: 2 });
    expect(await core.call('import.commit', { import_id: id }, request)).toEqual(first);
    expect(core.list().map(({ node_id: node }) => node)).toEqual([ID(1), ID(3)]);
  });

  test('of an unknown, an old or a finished import are refused', async () => {
    const { import_id: old } = await core.call('import.begin', {});
    const { import_id: id } = await core.call('import.begin', {});
    const stage = (which: string) =>
      core.problem('import.stage', { import_id: which, part: 0, records: [task(1)] });
    expect(await stage('x')).toEqual({ code: 'no_import', import_id: 'x' });
    expect(await stage(old)).toEqual({ code: 'no_import', import_id: old });
    expect(await stage(id)).toBeNull();
    await core.call('import.commit', { import_id: id });
    expect(await stage(id)).toEqual({ code: 'no_import', import_id: id });
    expect(await core.problem('import.commit', { import_id: id })).toMatchObject({
      code: 'no_import',
    });
  });

  test('are forgotten with the daemon, and nothing was changed', async () => {
    await using sandbox = await Sandbox.make();
    const path = sandbox.at('heph.db');
    let id: string;
    {
      await using first = new Core({ path });
      ({ import_id: id } = await first.call('import.begin', {}));
      await first.call('import.stage', { import_id: id, part: 0, records: [task(1)] });
    }
    await using second = new Core({ path });
    expect(await second.problem('import.commit', { import_id: id })).toEqual({
      code: 'no_import',
      import_id: id,
    });
    expect(second.list()).toEqual([]);
    expect(await importInto(second, [task(1)])).toMatchObject({ created: 1 });
  });

  test('stay, when the disk is full at the last, and can be taken in then', async () => {
    const { import_id: id } = await core.call('import.begin', {});
    const records = [task(1, { body: 'x'.repeat(500_000) })];
    await core.call('import.stage', { import_id: id, part: 0, records });
    core.db.pragma(`max_page_count = ${String(core.db.pragma('page_count', { simple: true }))}`);
    expect(await core.problem('import.commit', { import_id: id })).toEqual({ code: 'store_full' });
    expect(core.list()).toEqual([]);
    core.db.pragma('max_page_count = 100000');
    expect(await core.call('import.commit', { import_id: id })).toMatchObject({ created: 1 });
  });
});

test('an export does not see what is written after it began', async () => {
  await using sandbox = await Sandbox.make();
  await using stored = new Core({ path: sandbox.at('heph.db') });
  for (let i = 0; i < 3; i++) await stored.file(`Before ${i}`, { context: 'x'.repeat(1_500_000) });
  const { export_id: id, nodes } = await stored.call('export.begin', {});
  const titles: string[] = [];
  for (let i = 0; ; i++) {
    const { records } = await stored.call('export.page', { export_id: id });
    if (records.length === 0) break;
    for (const { title } of records) titles.push(title);
    await stored.file(`After ${i}`);
    const [first] = stored.list();
    await stored.call('task.edit', { id: first?.node_id ?? '', title: `Changed ${i}` });
  }
  expect(titles).toEqual(['Before 0', 'Before 1', 'Before 2']);
  expect(nodes).toBe(3);
  expect(await stored.problem('export.page', { export_id: id })).toEqual({
    code: 'no_export',
    export_id: id,
  });
});
