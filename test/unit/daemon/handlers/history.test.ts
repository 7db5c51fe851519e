import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Core } from '../../../support/builders.ts';
import { step, take, TITLES } from '../../../support/steps.ts';

/** All that can be asked of a store, answered; without when things were changed, which an undo is as well. */
async function answers(core: Core): Promise<unknown> {
  const ids = core.db
    .prepare('SELECT id FROM nodes WHERE tombstoned = 0 ORDER BY n')
    .pluck()
    .all() as string[];
  const ofNodes = [];
  for (const id of ids) {
    ofNodes.push(
      await core.call('context.read', { id }),
      await core.call('log.list', { id }),
      await core.call('link.list', { id }),
      await core.call('link.back', { id }),
    );
  }
  const found = [];
  for (const query of ['x', 'é', 'milk', 'zahne', 'a b']) {
    const { rows } = await core.call('search', { query, limit: 1000 });
    // What ranks them is how rare a word is, and what was deleted counts.
    found.push(rows.toSorted((a, b) => (a.node_id < b.node_id ? -1 : 1)));
  }
  const days = [];
  for (const date of ['today', '+3d', '2026-12-24'])
    days.push(await core.call('journal.read', { date }));
  const docs = (await core.call('doc.list', {})).rows;
  const all = {
    ofNodes,
    found,
    days,
    next: await core.call('task.next', { limit: 100 }),
    tasks: core.list({ all: true }).toSorted((a, b) => (a.node_id < b.node_id ? -1 : 1)),
    docs: docs.toSorted((a, b) => (a.node_id < b.node_id ? -1 : 1)),
    projects: await core.call('project.list', {}),
    tags: await core.call('tag.list', {}),
    titles: await Promise.all(TITLES.map((title) => core.problem('doc.show', { id: title }))),
    keys: await core.call('complete', { what: 'key', prefix: '' }),
  };
  return JSON.parse(
    JSON.stringify(all, (name, value: unknown) => (name === 'updated_at' ? undefined : value)),
  );
}

/** The newest transaction that is not an undo, or 0. */
const newest = (core: Core) =>
  (core.db.prepare('SELECT max(tx) FROM transactions WHERE undoes IS NULL').pluck().get() ??
    0) as number;

describe('undo', () => {
  test('is an inverse: whatever was done, each takes back one command, down to the empty store', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        await using core = new Core();
        /** What was answered before each command that can still be taken back. */
        const before: unknown[] = [await answers(core)];
        const goBack = async () => {
          const { undone } = await core.call('history.undo', {});
          expect(undone === null).toBe(before.length === 1);
          if (undone !== null) before.pop();
          expect(await answers(core)).toEqual(before.at(-1));
        };
        for (const one of steps) {
          const last = newest(core);
          if (one.what === 'history.undo') {
            await goBack();
          } else {
            await take(core, one);
            if (newest(core) > last) before.push(await answers(core));
          }
        }
        while (before.length > 1) await goBack();
        await goBack();
        expect(core.internalErrors).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('an undo', () => {
  test('of an empty store finds nothing, and is no transaction', async () => {
    await using core = new Core();
    expect(await core.call('history.undo', {})).toEqual({ undone: null });
    expect((await core.call('history.list', {})).rows).toEqual([]);
  });

  test('says what it took back, and is itself in the history', async () => {
    await using core = new Core();
    const { node_id: id } = await core.file('Paint');
    await core.call('task.edit', { id, title: 'Draw', attention: 'red' });
    const { undone } = await core.call('history.undo', {});
    expect(undone).toMatchObject({ tx: 2, method: 'task.edit', undone: true, undoes: null });
    expect(undone?.changes.map(({ field, value }) => [field, value])).toEqual([
      ['title', 'Draw'],
      ['attention', 'red'],
    ]);
    const { rows } = await core.call('history.list', {});
    expect(
      rows.map(({ tx, method, undoes, undone: was }) => ({ tx, method, undoes, was })),
    ).toEqual([
      { tx: 3, method: 'history.undo', undoes: 2, was: false },
      { tx: 2, method: 'task.edit', undoes: null, was: true },
      { tx: 1, method: 'task.add', undoes: null, was: false },
    ]);
  });

  test('after an undo goes on further back, and never does again what was taken back', async () => {
    await using core = new Core();
    const { node_id: id } = await core.file('one');
    for (const title of ['two', 'three']) await core.call('task.edit', { id, title });
    const titles = [];
    for (let i = 0; i < 4; i++) {
      await core.call('history.undo', {});
      titles.push(core.list().map(({ title }) => title));
    }
    expect(titles).toEqual([['two'], ['one'], [], []]);
  });

  test('takes back what was done after an undo first', async () => {
    await using core = new Core();
    const { node_id: id } = await core.file('one');
    await core.call('task.edit', { id, title: 'two' });
    await core.call('history.undo', {});
    await core.call('task.edit', { id, title: 'three' });
    const { undone } = await core.call('history.undo', {});
    expect(undone?.tx).toBe(4);
    expect(core.list()[0]?.title).toBe('one');
  });

  test('that was asked twice is done once', async () => {
    await using core = new Core();
    await core.file('one');
    await core.file('two');
    const first = await core.call('history.undo', {}, 'request-1');
    expect(await core.call('history.undo', {}, 'request-1')).toEqual(first);
    expect(core.list().map(({ title }) => title)).toEqual(['one']);
  });

  test('leaves alone what was made on another device', async () => {
    await using core = new Core();
    await core.file('mine');
    await core.file('theirs');
    core.db
      .prepare('UPDATE transactions SET origin = ? WHERE tx = 2')
      .run('01ZZZZZZZZZZZZZZZZZZZZZZZZ');
    expect((await core.call('history.undo', {})).undone?.tx).toBe(1);
    expect((await core.call('history.undo', {})).undone).toBeNull();
    expect(core.list().map(({ title }) => title)).toEqual(['theirs']);
  });

  test('of a deletion brings back all there was, the key and the links to it too', async () => {
    await using core = new Core();
    const made = await core.file('Paint', {
      key: 'k',
      tags: ['a'],
      context: 'blue',
      do_date: 'today',
    });
    const { node_id: id } = made;
    const { node_id: from } = await core.call('doc.new', { title: 'Plan', body: '[[Paint]]' });
    await core.call('log.add', { id, text: 'bought a brush' });
    const before = await core.call('task.show', { id });
    await core.call('node.delete', { ids: [id] });
    expect((await core.call('link.list', { id: from })).rows[0]?.node_id).toBeNull();
    await core.call('history.undo', {});
    expect(await core.call('task.show', { id })).toEqual(before);
    expect(core.list({ key: 'k' })).toHaveLength(1);
    expect((await core.call('link.list', { id: from })).rows[0]?.node_id).toBe(id);
    expect((await core.call('search', { query: 'brush' })).rows.map((row) => row.node_id)).toEqual([
      id,
    ]);
  });

  test('of a task with a key gives the key back to the one that had it before', async () => {
    await using core = new Core();
    const first = await core.file('first', { key: 'k' });
    await core.call('task.done', { ids: [first.node_id] });
    await core.file('second', { key: 'k' });
    const holders = () => core.list({ key: 'k' }).map(({ title }) => title);
    await core.call('history.undo', {});
    expect(holders()).toEqual([]);
    await core.call('history.undo', {});
    expect(holders()).toEqual(['first']);
    await core.call('history.undo', {});
    expect(holders()).toEqual([]);
    expect(await core.file('third', { key: 'k' })).toMatchObject({ created: true });
  });

  test('of a filing that updated the one with its key gives the fields back, not the task away', async () => {
    await using core = new Core();
    await core.file('first', { key: 'k', tags: ['a'] });
    await core.file('second', { key: 'k', tags: ['b'], attention: 'red' });
    await core.call('history.undo', {});
    expect(core.list()).toMatchObject([
      { title: 'first', tags: ['a'], attention: 'white', key: 'k' },
    ]);
  });

  test('of an edit of a long body gives it back to the letter', async () => {
    await using core = new Core();
    const long = 'One line of a long note 😀.\n'.repeat(40_000);
    const { node_id: id } = await core.call('doc.new', { title: 'Note', body: long });
    await core.call('doc.edit', { id, body: long.replace('long note 😀', 'longer note 😁') });
    await core.call('doc.edit', { id, append: 'one more' });
    await core.call('history.undo', {});
    await core.call('history.undo', {});
    expect((await core.call('doc.show', { id })).body).toBe(long);
  });

  test('of a renaming gives back the title and every link', async () => {
    await using core = new Core();
    const { node_id: id } = await core.call('doc.new', { title: 'Old', body: 'me: [[Old]]' });
    const { node_id: from } = await core.call('doc.new', {
      title: 'From',
      body: '[[old|o]] [[Old]]',
    });
    await core.call('doc.rename', { id, title: 'New' });
    await core.call('history.undo', {});
    expect((await core.call('doc.show', { id: 'Old' })).body).toBe('me: [[Old]]');
    expect((await core.call('doc.show', { id: from })).body).toBe('[[old|o]] [[Old]]');
  });
});
