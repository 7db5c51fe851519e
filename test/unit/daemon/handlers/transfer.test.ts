import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeRecord, type NodeRecord } from '#protocol/records.ts';
import { Core, dump } from '../../../support/builders.ts';
import { step, take } from '../../../support/steps.ts';
import { exportOf, ID, importInto, task } from '../../../support/records.ts';
import { Sandbox } from '../../../support/sandbox.ts';

let core: Core;
beforeEach(() => {
  core = new Core();
});
afterEach(() => core[Symbol.asyncDispose]());

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
