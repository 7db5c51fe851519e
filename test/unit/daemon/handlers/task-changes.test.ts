import { describe, expect, test } from 'vitest';
import { LIMITS } from '#core/node.ts';
import { Core, dump } from '../../../support/builders.ts';

describe('filing a task', () => {
  test('gives a row with all it was filed with, and the days as moments too', async () => {
    await using core = new Core();
    const { node_id: project } = await core.call('project.add', { name: 'Home' });
    const row = await core.file('  Paint the door ', {
      project: 'home',
      do_date: 'tomorrow',
      late_on: '24 dec',
      attention: 'orange',
      tags: ['diy', 'art', 'diy'],
      context: 'in blue',
      key: 'door',
    });
    expect(row).toEqual({
      node_id: expect.stringMatching(/^[0-9A-Z]{26}$/),
      kind: 'task',
      title: 'Paint the door',
      state: 'outstanding',
      attention: 'orange',
      do_on: '2026-11-19',
      do_date: Date.parse('2026-11-19T00:00:00Z'),
      late_from: '2026-12-24',
      late_on: Date.parse('2026-12-24T00:00:00Z'),
      recurrence: null,
      recur_from: 'schedule',
      project: 'Home',
      project_id: project,
      tags: ['art', 'diy'],
      key: 'door',
      created_at: core.clock.nowMs(),
      updated_at: core.clock.nowMs(),
      tombstoned: false,
      created: true,
    });
    expect((await core.call('task.show', { id: row.node_id })).body).toBe('in blue');
  });

  test('with a title alone gives one that is white and has nothing else', async () => {
    await using core = new Core();
    const row = await core.file('Paint');
    expect(row).toMatchObject({
      attention: 'white',
      do_on: null,
      do_date: null,
      late_on: null,
      project: null,
      tags: [],
      key: null,
    });
    expect(row).not.toHaveProperty('short_id');
  });

  test('gives a short id when it is asked for one', async () => {
    await using core = new Core();
    const row = await core.file('Paint', { short_ids: true });
    expect(row.short_id).toBe(row.node_id.slice(-4));
  });

  test.each([
    ['no title', { title: '' }, { code: 'bad_value', field: 'title' }],
    ['a title that is too long', { title: 'x'.repeat(1001) }, { code: 'too_long', field: 'title' }],
    [
      'a day that is none',
      { do_date: 'someday' },
      { code: 'bad_date', field: 'do_date', text: 'someday' },
    ],
    ['a late day that is none', { late_on: '2026-02-30' }, { code: 'bad_date', field: 'late_on' }],
    [
      'a project that is none',
      { project: 'Nowhere' },
      { code: 'not_found', kind: 'project', ref: 'Nowhere' },
    ],
    ['a tag of two words', { tags: ['good', 'two words'] }, { code: 'bad_value', field: 'tag' }],
    ['a key of spaces', { key: ' ' }, { code: 'bad_value', field: 'key' }],
    [
      'a context that is too long',
      { context: 'x'.repeat(LIMITS.bodyBytes + 1) },
      { code: 'too_long', field: 'context' },
    ],
  ])('with %s files nothing at all', async (_, fields, problem) => {
    await using core = new Core();
    const before = dump(core.db);
    const good = { title: 'Paint', do_date: 'today', tags: ['diy'], context: 'blue' };
    expect(await core.problem('task.add', { ...good, ...fields })).toMatchObject(problem);
    expect(dump(core.db)).toEqual(before);
  });
});

describe('a key', () => {
  test('names one outstanding task, which is updated, and says so', async () => {
    await using core = new Core();
    const first = await core.file('Review #1', {
      key: 'pr-1',
      tags: ['ci'],
      attention: 'blue',
      context: 'old',
    });
    core.clock.advance(1000);
    const second = await core.file('Review #1 again', { key: 'pr-1', attention: 'red' });
    expect(second).toMatchObject({
      node_id: first.node_id,
      created: false,
      title: 'Review #1 again',
      attention: 'red',
      tags: ['ci'],
    });
    expect(second.updated_at).toBe(first.updated_at + 1000);
    expect(core.list()).toHaveLength(1);
  });

  test.each(['task.done', 'task.drop'] as const)(
    'of a task closed by %s is free again',
    async (close) => {
      await using core = new Core();
      const first = await core.file('Review', { key: 'pr-1' });
      await core.call(close, { ids: [first.node_id] });
      const second = await core.file('Review', { key: 'pr-1' });
      expect(second.created).toBe(true);
      expect(second.node_id).not.toBe(first.node_id);
      expect(core.list({ key: 'pr-1', all: true })).toHaveLength(2);
    },
  );

  test('is compared to the letter', async () => {
    await using core = new Core();
    for (const key of ['a', 'A', ' a', 'ä', 'a\u0308'])
      expect((await core.file('x', { key })).created).toBe(true);
    expect(core.list()).toHaveLength(5);
  });

  test('that another outstanding task has is refused to an edit, and may be given up', async () => {
    await using core = new Core();
    const first = await core.file('one', { key: 'k' });
    const second = await core.file('two');
    expect(await core.problem('task.edit', { id: second.node_id, key: 'k' })).toEqual({
      code: 'conflict',
      ref: first.node_id,
    });
    await core.call('task.edit', { id: first.node_id, key: null });
    expect(await core.call('task.edit', { id: second.node_id, key: 'k' })).toMatchObject({
      key: 'k',
    });
  });
});

describe('editing', () => {
  const all = {
    title: 'Paint',
    project: 'Home',
    do_date: 'today',
    late_on: 'fri',
    attention: 'red',
    tags: ['a', 'b'],
    key: 'k',
    context: 'blue',
  } as const;

  test.each([
    ['nothing', {}, {}],
    ['the title', { title: 'Draw' }, { title: 'Draw' }],
    ['the do date', { do_date: '+1w' }, { do_on: '2026-11-25' }],
    ['away the do date', { do_date: null }, { do_on: null, do_date: null }],
    ['away the do date by a word', { do_date: ' None' }, { do_on: null }],
    ['away the late day', { late_on: 'none' }, { late_from: null, late_on: null }],
    ['away the project', { project: null }, { project: null, project_id: null }],
    ['the tags, to just these', { tags: ['c', 'b'] }, { tags: ['b', 'c'] }],
    ['away the tags', { tags: [] }, { tags: [] }],
    ['away the key', { key: null }, { key: null }],
    ['away the context', { context: null }, { body: '' }],
    ['the attention', { attention: 'blue' }, { attention: 'blue' }],
  ] as const)('changes %s, and leaves the rest as it was', async (_, params, changed) => {
    await using core = new Core();
    await core.call('project.add', { name: 'Home' });
    const { node_id: id } = await core.file(all.title, { ...all, tags: [...all.tags] });
    const before = await core.call('task.show', { id });
    core.clock.advance(1000);
    await core.call('task.edit', { id, ...JSON.parse(JSON.stringify(params)) });
    const after = await core.call('task.show', { id });
    const isChange = Object.keys(changed).length > 0;
    expect(after).toEqual({
      ...before,
      ...changed,
      updated_at: before.updated_at + (isChange ? 1000 : 0),
      do_date: after.do_date,
      late_on: after.late_on,
    });
  });

  test('with one bad field of several changes none', async () => {
    await using core = new Core();
    const { node_id: id } = await core.file('Paint');
    const before = dump(core.db);
    expect(
      await core.problem('task.edit', { id, title: 'Draw', tags: ['x'], late_on: 'never' }),
    ).toMatchObject({ code: 'bad_date' });
    expect(dump(core.db)).toEqual(before);
  });

  test('of something that is no task is refused', async () => {
    await using core = new Core();
    const { node_id: project } = await core.call('project.add', { name: 'Home' });
    expect(await core.problem('task.edit', { id: project, title: 'x' })).toEqual({
      code: 'wrong_kind',
      ref: project,
      wanted: 'task',
      is: { node_id: project, kind: 'project', title: 'Home' },
    });
  });
});

describe.each([
  ['task.done', 'done'],
  ['task.drop', 'dropped'],
] as const)('%s', (method, state) => {
  test('closes all it is given and gives their rows in that order', async () => {
    await using core = new Core();
    const a = await core.file('a');
    const b = await core.file('b');
    const { rows } = await core.call(method, { ids: [b.node_id, a.node_id.slice(-5)] });
    expect(rows.map(({ title, state: now }) => [title, now])).toEqual([
      ['b', state],
      ['a', state],
    ]);
    expect(core.list()).toEqual([]);
  });

  test.each([
    ['unknown', 'ZZZZ', 'not_found'],
    ['too short', '01M', 'not_found'],
    ['ambiguous', 'both', 'ambiguous'],
  ])('closes none when one of them is %s (%s)', async (_, bad, code) => {
    await using core = new Core();
    const a = await core.file('a');
    await core.file('b');
    const ref = bad === 'both' ? a.node_id.slice(0, 6) : bad;
    expect(await core.problem(method, { ids: [a.node_id, ref] })).toMatchObject({ code, ref });
    expect(core.list()).toHaveLength(2);
  });

  test('of what is closed already is no error', async () => {
    await using core = new Core();
    const { node_id: id } = await core.file('a');
    await core.call(method, { ids: [id] });
    expect((await core.call(method, { ids: [id, id] })).rows.map((row) => row.state)).toEqual([
      state,
      state,
    ]);
  });

  test('of what is closed the other way changes how', async () => {
    await using core = new Core();
    const { node_id: id } = await core.file('a');
    await core.call(method === 'task.done' ? 'task.drop' : 'task.done', { ids: [id] });
    expect((await core.call(method, { ids: [id] })).rows[0]?.state).toBe(state);
  });
});
