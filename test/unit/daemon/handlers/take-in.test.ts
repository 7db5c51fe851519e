import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeRecord, type NodeRecord } from '#protocol/records.ts';
import { Core } from '../../../support/builders.ts';
import {
  common,
  exportOf,
  ID,
  importInto,
  page,
  task,
  type Journal,
} from '../../../support/records.ts';

let core: Core;
beforeEach(() => {
  core = new Core();
});
afterEach(() => core[Symbol.asyncDispose]());

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

  test('is listed in the same order, in whatever order it came', async () => {
    const closed = (n: number) => task(n, { state: 'done', updated_at: 5 });
    await importInto(core, [closed(2), task(4), closed(3), closed(1), task(5)]);
    expect(core.list({ all: true }).map(({ title }) => title)).toEqual([
      'Node 4',
      'Node 5',
      'Node 1',
      'Node 2',
      'Node 3',
    ]);
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

  test('with a rule that leaves its day open is pinned to the day that it says', async () => {
    const record = task(1, { recurrence: 'FREQ=WEEKLY', late_from: '2026-11-20' });
    await importInto(core, [record]);
    expect(core.list()[0]?.recurrence).toBe('FREQ=WEEKLY;BYDAY=FR');
    expect(await importInto(core, [record])).toMatchObject({ updated: 0, unchanged: 1 });
    const later = { ...record, late_from: '2026-11-30' };
    expect(await importInto(core, [later])).toMatchObject({ updated: 1 });
    expect(core.list()[0]).toMatchObject({
      late_from: '2026-11-30',
      recurrence: 'FREQ=WEEKLY;BYDAY=MO',
    });
    const undated = task(2, { recurrence: 'FREQ=WEEKLY' });
    await importInto(core, [undated]);
    core.clock.advance(24 * 60 * 60 * 1000);
    expect(await importInto(core, [undated])).toMatchObject({ updated: 0, unchanged: 1 });
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

  test('has what came the last time replaced by what it has become, and what is new of its log', async () => {
    await mine();
    const log = [{ entry_id: ID(900), at: 5, text: 'Noted' }];
    await importInto(core, [page(1, { body: 'Theirs.\n', log })]);
    const more = { entry_id: ID(901), at: 6, text: 'And more' };
    const grown = page(1, { body: 'Theirs.\nIt rained.\n', log: [...log, more] });
    expect(await importInto(core, [grown])).toMatchObject({ updated: 1, refused: [] });
    expect(await living()).toMatchObject([
      { body: 'Mine.\nTheirs.\nIt rained.\n', log: [...log, more] },
    ]);
    expect(await importInto(core, [grown])).toMatchObject({ updated: 0, unchanged: 1 });
  });

  test('is one still when an export goes to another store and comes back', async () => {
    await core.call('journal.write', { date: '2026-11-18', append: 'Here.' });
    const [{ node_id: id }] = (await exportOf(core)) as [Journal];
    await core.call('log.add', { id, text: 'Noted' });
    const [here] = (await exportOf(core)) as [Journal];
    await using there = new Core();
    const theirs = page(1, { body: 'There.\n' });
    await importInto(there, [theirs]);
    await importInto(there, await exportOf(core));
    const back = (await exportOf(there)) as Journal[];
    // As an export has them: what was there first comes first.
    back.sort((a) => (a.node_id === theirs.node_id ? -1 : 1));
    await core.call('journal.write', { date: '2026-11-18', append: 'And since.' });
    core.clock.advance(1000);
    await core.call('log.add', { id, text: 'Noted since' });
    await core.call('tag.add', { id, tags: ['since'] });
    const [grown] = (await exportOf(core)) as [Journal];
    const before = await exportOf(core);
    expect(await importInto(core, back)).toMatchObject({ created: 1, updated: 1, refused: [] });
    expect(await living()).toMatchObject([
      {
        node_id: ID(1),
        body: 'There.\nHere.\nAnd since.\n',
        tags: ['since'],
        log: grown.log,
      },
    ]);
    expect((await exportOf(core)).find((each) => each.node_id === id)).toMatchObject({
      tombstoned: true,
      body: here.body,
    });
    await core.call('history.undo', {});
    expect(await living()).toEqual(
      before.map((each) => ({ ...each, updated_at: expect.any(Number) })),
    );
  });

  test('that was changed and deleted elsewhere, and made anew, is what it is there', async () => {
    await importInto(core, [page(1, { body: 'Old.\n' })]);
    const gone = page(1, { body: 'Old.\nMore.\n', tombstoned: true });
    await importInto(core, [gone, page(2, { body: 'New.\n' })]);
    expect(await living()).toMatchObject([{ node_id: ID(2), body: 'New.\n' }]);
  });

  test('that was deleted with its log meanwhile brings that to the next page, too', async () => {
    const log = [{ entry_id: ID(900), at: 5, text: 'Noted' }];
    const theirs = page(1, { body: 'Theirs.\n', log });
    await importInto(core, [theirs]);
    await core.call('node.delete', { ids: [ID(1)] });
    await mine();
    await importInto(core, [theirs]);
    expect(await living()).toMatchObject([{ body: 'Mine.\nTheirs.\n', log }]);
    await core.call('history.undo', {});
    expect(await living()).toMatchObject([{ body: 'Mine.\n', log: [] }]);
    expect((await exportOf(core)).find((each) => each.node_id === ID(1))).toMatchObject({ log });
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
    await importInto(core, [page(1, { body: 'Theirs.' })]);
    expect(await living()).toMatchObject([{ body: 'Mine.\nTheirs.\n' }]);
  });
});
