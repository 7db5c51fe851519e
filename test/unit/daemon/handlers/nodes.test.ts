import { describe, expect, test } from 'vitest';
import { LIMITS, type NodeKind } from '#core/node.ts';
import type { MethodName } from '#protocol/methods.ts';
import { Core, dump } from '../../../support/builders.ts';

describe('a search hit', () => {
  test('in the context or the log of a task is the task', async () => {
    await using core = new Core();
    const { node_id: id } = await core.file('Paint', { context: 'in dark blue' });
    await core.call('log.add', { id, text: 'bought a brush' });
    await core.call('log.add', { id, text: 'and a ladder' });
    await core.call('task.done', { ids: [id] });
    const hit = { node_id: id, kind: 'task', title: 'Paint', state: 'done' };
    for (const [query, where, snippet] of [
      ['paint', 'title', 'Paint'],
      ['blue', 'body', 'in dark blue'],
      ['ladder', 'log', 'and a ladder'],
    ] as const)
      expect((await core.call('search', { query })).rows).toEqual([{ ...hit, where, snippet }]);
  });

  test('of a phrase is where the phrase is, though the title has its first word', async () => {
    await using core = new Core();
    await core.call('doc.new', { title: 'Paint', body: 'paint the door' });
    const { rows } = await core.call('search', { query: '"paint the door"' });
    expect(rows).toMatchObject([{ where: 'body', state: null }]);
  });

  test('has a short id when it is asked for', async () => {
    await using core = new Core();
    const { node_id: id } = await core.file('Paint');
    const { rows } = await core.call('search', { query: 'paint', short_ids: true });
    expect(rows[0]?.short_id).toBe(id.slice(-4));
  });

  test.each(['', '😀', '-milk', '"'])('and a search for %j is an error', async (text) => {
    await using core = new Core();
    expect(await core.problem('search', { query: text })).toEqual({
      code: 'bad_value',
      field: 'search',
      text,
      allowed: 'words to look for',
    });
  });
});

describe('deleting', () => {
  const is = { node_id: '', title: 'Paint' };
  test.each<[MethodName, NodeKind, object]>([
    ['task.edit', 'task', { title: 'b' }],
    ['task.done', 'task', {}],
    ['task.drop', 'task', {}],
    ['task.skip', 'task', {}],
    ['context.write', 'task', { append: 'b' }],
    ['log.add', 'task', { text: 'b' }],
    ['tag.add', 'task', { tags: ['b'] }],
    ['tag.remove', 'doc', { tags: ['b'] }],
    ['doc.edit', 'doc', { append: 'b' }],
    ['doc.rename', 'doc', { title: 'b' }],
  ])(
    'leaves nothing that %s could change, though its whole id be given',
    async (method, kind, params) => {
      await using core = new Core();
      const { node_id: id } =
        kind === 'task' ? await core.file('Paint') : await core.call('doc.new', { title: 'Paint' });
      await core.call('node.delete', { ids: [id] });
      const before = dump(core.db);
      const problem = await core.problem(method, { id, ids: [id], ...params });
      expect(problem).toEqual({ code: 'deleted', is: { ...is, node_id: id, kind } });
      expect(dump(core.db)).toEqual(before);
    },
  );

  test('is of all it is given, of any kind, once', async () => {
    await using core = new Core();
    const task = await core.file('a');
    const doc = await core.call('doc.new', { title: 'b' });
    const ids = [doc.node_id, task.node_id.slice(-6), doc.node_id];
    expect((await core.call('node.delete', { ids })).rows).toEqual([
      { node_id: doc.node_id, kind: 'doc', title: 'b', tombstoned: true },
      { node_id: task.node_id, kind: 'task', title: 'a', tombstoned: true },
      { node_id: doc.node_id, kind: 'doc', title: 'b', tombstoned: true },
    ]);
    expect(core.list({ all: true })).toEqual([]);
    expect((await core.call('doc.list', {})).rows).toEqual([]);
    expect((await core.call('history.list', {})).rows[0]?.count).toBe(2);
  });

  test('is of none when one of them is not there', async () => {
    await using core = new Core();
    const { node_id: id } = await core.file('a');
    expect(await core.problem('node.delete', { ids: [id, 'ZZZZ'] })).toMatchObject({
      code: 'not_found',
      kind: 'node',
      ref: 'ZZZZ',
    });
    expect(core.list()).toHaveLength(1);
  });

  test('of a project leaves its tasks, without a project', async () => {
    await using core = new Core();
    const { node_id: id } = await core.call('project.add', { name: 'Home' });
    await core.file('a', { project: 'Home' });
    await core.call('node.delete', { ids: [id] });
    expect(core.list()).toMatchObject([{ title: 'a', project: null, project_id: null }]);
    expect((await core.call('project.list', {})).rows).toEqual([]);
    expect((await core.call('project.add', { name: 'Home' })).created).toBe(true);
  });
});

describe('tags', () => {
  test('are given and taken, of any node; what is so already is no change', async () => {
    await using core = new Core();
    const { node_id: id } = await core.call('doc.new', { title: 'a' });
    const add = (...tags: string[]) => core.call('tag.add', { id, tags });
    expect(await add('b', 'a', 'b')).toMatchObject({ node_id: id, kind: 'doc', tags: ['a', 'b'] });
    await add('a');
    await core.call('tag.remove', { id, tags: ['none'] });
    expect(await core.call('tag.remove', { id, tags: ['b', 'c'] })).toMatchObject({ tags: ['a'] });
    expect((await core.call('history.list', {})).rows).toHaveLength(3);
  });

  test('are up to a hundred', async () => {
    await using core = new Core();
    const { node_id: id } = await core.file('a');
    const tags = Array.from({ length: LIMITS.tags }, (_, i) => `t${i}`);
    await core.call('tag.add', { id, tags });
    expect(await core.problem('tag.add', { id, tags: ['more'] })).toEqual({
      code: 'too_long',
      field: 'tags',
      max: 100,
      actual: 101,
      unit: 'items',
    });
    expect(await core.problem('tag.add', { id, tags: ['t5'] })).toBeNull();
  });

  test.each([
    ['two words', 'bad_value'],
    ['', 'bad_value'],
    ['\u001b', 'bad_value'],
    ['x'.repeat(101), 'too_long'],
  ])('cannot be %j', async (tag, code) => {
    await using core = new Core();
    const { node_id: id } = await core.file('a');
    expect(await core.problem('tag.add', { id, tags: ['good', tag] })).toMatchObject({
      code,
      field: 'tag',
    });
    expect((await core.call('task.show', { id })).tags).toEqual([]);
  });

  test('are listed by name, with how many have each, and how many of these are outstanding', async () => {
    await using core = new Core();
    await core.file('a', { tags: ['x', 'y'] });
    const done = await core.file('b', { tags: ['x'] });
    const gone = await core.file('c', { tags: ['x', 'z'] });
    const doc = await core.call('doc.new', { title: 'd' });
    await core.call('tag.add', { id: doc.node_id, tags: ['y'] });
    await core.call('task.done', { ids: [done.node_id] });
    await core.call('node.delete', { ids: [gone.node_id] });
    expect((await core.call('tag.list', {})).rows).toEqual([
      { tag: 'x', nodes: 2, outstanding: 1 },
      { tag: 'y', nodes: 2, outstanding: 1 },
    ]);
  });
});

describe('a log', () => {
  test('of any node keeps each entry with its time, oldest first', async () => {
    await using core = new Core();
    const { node_id: id } = await core.call('project.add', { name: 'Home' });
    const first = await core.call('log.add', { id, text: 'one\ntwo  \n\n' });
    expect(first).toMatchObject({
      node_id: id,
      kind: 'project',
      text: 'one\ntwo',
      at: core.clock.nowMs(),
    });
    const second = await core.call('log.add', { id, text: 'at the same moment' });
    core.clock.advance(1000);
    await core.call('log.add', { id, text: 'later' });
    const { rows } = await core.call('log.list', { id });
    expect(rows.map(({ text, at }) => [text, at - first.at])).toEqual([
      ['one\ntwo', 0],
      ['at the same moment', 0],
      ['later', 1000],
    ]);
    expect(rows[1]?.entry_id).toBe(second.entry_id);
  });

  test.each([
    ['no text', ' \n', { code: 'bad_value', field: 'log entry' }],
    [
      'too long a text',
      'é'.repeat(32_768) + 'x',
      { code: 'too_long', max: 65_536, actual: 65_537, unit: 'bytes' },
    ],
  ])('takes %s as an error', async (_, text, problem) => {
    await using core = new Core();
    const { node_id: id } = await core.file('a');
    expect(await core.problem('log.add', { id, text })).toMatchObject(problem);
    expect((await core.call('log.list', { id })).rows).toEqual([]);
  });

  test('takes as much as is allowed, with space after it that does not count', async () => {
    await using core = new Core();
    const { node_id: id } = await core.file('a');
    const text = 'é'.repeat(LIMITS.logEntryBytes / 2);
    expect((await core.call('log.add', { id, text: `${text}\n` })).text).toBe(text);
  });

  test('entry asked for twice by one request id is noted once', async () => {
    await using core = new Core();
    const { node_id: id } = await core.file('a');
    for (let i = 0; i < 2; i++) await core.call('log.add', { id, text: 'once' }, 'request-1');
    expect((await core.call('log.list', { id })).rows).toHaveLength(1);
  });
});
