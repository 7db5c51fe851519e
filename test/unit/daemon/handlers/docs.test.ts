import { describe, expect, test } from 'vitest';
import { Core } from '../../../support/builders.ts';

describe('a new document', () => {
  test('gives its row, and is read with its body', async () => {
    await using core = new Core();
    const row = await core.call('doc.new', { title: ' Boiler ', body: 'Serviced by Jo' });
    expect(row).toEqual({
      node_id: expect.stringMatching(/^[0-9A-Z]{26}$/),
      kind: 'doc',
      title: 'Boiler',
      tags: [],
      created_at: core.clock.nowMs(),
      updated_at: core.clock.nowMs(),
      tombstoned: false,
      version: expect.any(String),
    });
    expect(await core.call('doc.show', { id: 'Boiler' })).toEqual({
      ...row,
      body: 'Serviced by Jo',
    });
  });

  test('may have the title of another, and of anything else', async () => {
    await using core = new Core();
    await core.file('Boiler');
    for (let i = 0; i < 2; i++) await core.call('doc.new', { title: 'Boiler' });
    expect((await core.call('doc.list', {})).rows).toHaveLength(2);
  });

  test.each([
    ['no title', { title: ' ' }, { code: 'bad_value', field: 'title' }],
    ['a title of two lines', { title: 'a\nb' }, { code: 'bad_value', field: 'title' }],
    [
      'too long a body',
      { title: 'a', body: 'x'.repeat(10 * 1024 * 1024 + 1) },
      { code: 'too_long' },
    ],
  ])('with %s is refused', async (_, params, problem) => {
    await using core = new Core();
    expect(await core.problem('doc.new', params)).toMatchObject(problem);
    expect((await core.call('doc.list', {})).rows).toEqual([]);
  });
});

test('documents are listed without journals, tasks and projects, the last changed first', async () => {
  await using core = new Core();
  for (const title of ['one', 'two', 'three']) {
    core.clock.advance(1000);
    await core.call('doc.new', { title });
  }
  await core.file('task');
  await core.call('project.add', { name: 'project' });
  await core.call('journal.write', { append: 'x' });
  core.clock.advance(1000);
  await core.call('doc.edit', { id: 'one', append: 'x' });
  const { rows } = await core.call('doc.list', { short_ids: true });
  expect(rows.map(({ title }) => title)).toEqual(['one', 'three', 'two']);
  expect(rows[0]?.short_id).toBe(rows[0]?.node_id.slice(-4));
});

describe('a document is found', () => {
  test.each([
    ['by its title', 'Boiler'],
    ['by its title in other letter case', 'bOILER'],
    ['by its id', 'id'],
    ['by a part of its id', 'end'],
  ])('%s', async (_, ref) => {
    await using core = new Core();
    await core.call('doc.new', { title: 'Other' });
    const { node_id: id } = await core.call('doc.new', { title: 'Boiler' });
    const named = ref === 'id' ? id : ref === 'end' ? id.slice(-6) : ref;
    expect((await core.call('doc.show', { id: named })).node_id).toBe(id);
  });

  test('by its very title first, though others differ only in letter case', async () => {
    await using core = new Core();
    await core.call('doc.new', { title: 'Boiler' });
    const { node_id: id } = await core.call('doc.new', { title: 'boiler' });
    expect((await core.call('doc.show', { id: 'boiler' })).node_id).toBe(id);
    expect(await core.problem('doc.show', { id: 'BOILER' })).toMatchObject({ code: 'ambiguous' });
  });

  test('by no title that several have', async () => {
    await using core = new Core();
    const candidates = [];
    for (let i = 0; i < 2; i++) {
      const { node_id, kind, title } = await core.call('doc.new', { title: 'Boiler' });
      candidates.push({ node_id, kind, title });
    }
    expect(await core.problem('doc.edit', { id: 'Boiler', body: 'x' })).toEqual({
      code: 'ambiguous',
      ref: 'Boiler',
      candidates,
    });
  });

  test.each(['Boiler', 'ZZZZ', '😀'])('not by %j, where there is none', async (ref) => {
    await using core = new Core();
    const { node_id: id } = await core.call('doc.new', { title: 'Boiler' });
    await core.call('node.delete', { ids: [id] });
    expect(await core.problem('doc.show', { id: ref })).toEqual({
      code: 'not_found',
      kind: 'doc',
      ref,
    });
  });

  test('and so is any other node, by its id, with its body', async () => {
    await using core = new Core();
    const { node_id: id } = await core.file('Paint', { context: 'in blue', tags: ['a'] });
    expect(await core.call('doc.show', { id: id.slice(-6) })).toMatchObject({
      node_id: id,
      kind: 'task',
      title: 'Paint',
      tags: ['a'],
      body: 'in blue',
    });
    await core.call('doc.edit', { id, append: 'or green' });
    expect((await core.call('context.read', { id })).body).toBe('in blue\nor green\n');
  });
});

test('an edit of a version that is no more is a conflict, and loses nothing', async () => {
  await using core = new Core();
  const { node_id: id, version } = await core.call('doc.new', { title: 'Boiler', body: 'one' });
  const edited = await core.call('doc.edit', { id, body: 'two', if_version: version });
  expect(edited.version).not.toBe(version);
  const late = { id: 'Boiler', body: 'three', if_version: version };
  expect(await core.problem('doc.edit', late)).toEqual({ code: 'conflict', ref: id });
  expect(await core.call('doc.show', { id })).toMatchObject({
    body: 'two',
    version: edited.version,
  });
});

test.each([{}, { body: 'a', append: 'b' }])(
  'an edit is one of body and append, not %j',
  async (change) => {
    await using core = new Core();
    await core.call('doc.new', { title: 'Boiler' });
    const params = { id: 'Boiler', ...change };
    expect(await core.problem('doc.edit', params)).toMatchObject({ code: 'bad_params' });
  },
);

describe('renaming', () => {
  test.each(['project', 'journal'] as const)('is not for a %s', async (kind) => {
    await using core = new Core();
    const { node_id, title } =
      kind === 'project'
        ? await core.call('project.add', { name: 'Home' })
        : await core.call('journal.write', { append: 'x' });
    expect(await core.problem('doc.rename', { id: node_id, title: 'Other' })).toEqual({
      code: 'wrong_kind',
      ref: node_id,
      wanted: 'doc',
      is: { node_id, kind, title },
    });
  });

  test('to what it is called already is no change', async () => {
    await using core = new Core();
    await core.call('doc.new', { title: 'Boiler', body: '[[Boiler]]' });
    const row = await core.call('doc.rename', { id: 'Boiler', title: ' Boiler ' });
    expect(row).toMatchObject({ title: 'Boiler', relinked: 0 });
    expect((await core.call('history.list', {})).rows).toHaveLength(1);
  });
});

describe('the page of a day', () => {
  test('is made when it is first written on, and is one', async () => {
    await using core = new Core();
    const page = { date: 'yesterday' };
    expect(await core.call('journal.read', page)).toMatchObject({
      node_id: null,
      day: '2026-11-17',
      title: '2026-11-17',
      created_at: null,
      body: '',
    });
    expect((await core.call('history.list', {})).rows).toEqual([]);
    const made = await core.call('journal.write', { ...page, append: 'one' });
    expect(made).toMatchObject({ kind: 'journal', title: '2026-11-17', day: '2026-11-17' });
    const again = await core.call('journal.write', { date: '2026-11-17', append: 'two' });
    expect(again.node_id).toBe(made.node_id);
    expect(await core.call('journal.read', page)).toMatchObject({
      node_id: made.node_id,
      body: 'one\ntwo\n',
      version: again.version,
    });
  });

  test('is of today when nobody says, and each day has its own', async () => {
    await using core = new Core();
    const first = await core.call('journal.write', { append: 'x' });
    core.clock.set('2026-11-19T00:00:00Z');
    expect((await core.call('journal.read', {})).node_id).toBeNull();
    const second = await core.call('journal.write', { append: 'y' });
    expect([first.day, second.day]).toEqual(['2026-11-18', '2026-11-19']);
    expect((await core.call('doc.show', { id: '2026-11-18' })).body).toBe('x\n');
  });

  test('that was deleted is made anew', async () => {
    await using core = new Core();
    const first = await core.call('journal.write', { append: 'x' });
    await core.call('node.delete', { ids: [first.node_id] });
    expect(await core.call('journal.read', {})).toMatchObject({ node_id: null, body: '' });
    const second = await core.call('journal.write', { append: 'y' });
    expect(second.node_id).not.toBe(first.node_id);
    expect((await core.call('journal.read', {})).body).toBe('y\n');
  });

  test('can be written only as it was read, the empty one too', async () => {
    await using core = new Core();
    const { version } = await core.call('journal.read', {});
    await core.call('journal.write', { body: 'mine', if_version: version });
    expect(
      await core.problem('journal.write', { body: 'late', if_version: version }),
    ).toMatchObject({
      code: 'conflict',
    });
    expect((await core.call('journal.read', {})).body).toBe('mine');
  });

  test('is not of words that are no day', async () => {
    await using core = new Core();
    for (const method of ['journal.read', 'journal.write'] as const)
      expect(await core.problem(method, { date: 'someday', append: 'x' })).toEqual({
        code: 'bad_date',
        field: 'date',
        text: 'someday',
      });
  });
});

describe('what is no task', () => {
  test.each([
    ['task.show', (id: string) => ({ id })],
    ['task.done', (id: string) => ({ ids: [id] })],
    ['task.skip', (id: string) => ({ ids: [id] })],
    ['task.edit', (id: string) => ({ id, title: 'x' })],
  ] as const)('is said to be a document by %s', async (method, params) => {
    await using core = new Core();
    const { node_id: id } = await core.call('doc.new', { title: 'Boiler' });
    expect(await core.problem(method, params(id.slice(-6)) as never)).toEqual({
      code: 'wrong_kind',
      ref: id.slice(-6),
      wanted: 'task',
      is: { node_id: id, kind: 'doc', title: 'Boiler' },
    });
  });
});
