import { describe, expect, test } from 'vitest';
import { Core } from '../../support/builders.ts';

describe('the history', () => {
  async function some(): Promise<{ core: Core; a: string; b: string }> {
    const core = new Core();
    const { node_id: a } = await core.file('a');
    const { node_id: b } = await core.file('b', { context: 'one\n' });
    await core.call('context.write', { id: b, body: 'one, two\n' });
    await core.call('task.done', { ids: [a, b] });
    await core.call('log.add', { id: a, text: 'it went well' });
    return { core, a, b };
  }

  test('is of all, the newest first', async () => {
    const { core, a, b } = await some();
    await using _ = core;
    const { rows } = await core.call('history.list', {});
    expect(rows.map(({ method }) => method)).toEqual([
      'log.add',
      'task.done',
      'context.write',
      'task.add',
      'task.add',
    ]);
    expect(rows[1]?.changes).toMatchObject([
      { node_id: a, kind: 'task', title: 'a', field: 'state', value: 'done' },
      { node_id: b, kind: 'task', title: 'b', field: 'state', value: 'done' },
    ]);
    expect(rows.map(({ at }) => at)).toEqual(Array(5).fill(core.clock.nowMs()));
  });

  test('of a body tells how much came and went, and of a log what was noted', async () => {
    const { core } = await some();
    await using _ = core;
    const { rows } = await core.call('history.list', {});
    expect(rows[0]?.changes[0]?.value).toBe('it went well');
    expect(rows[2]?.changes).toMatchObject([{ field: 'body', value: { added: 5, removed: 0 } }]);
  });

  test.each([
    ['one node', 'b', undefined, ['task.done', 'context.write', 'task.add']],
    ['one node, up to a limit', 'b', 2, ['task.done', 'context.write']],
    ['all, up to a limit', null, 1, ['log.add']],
  ])('of %s', async (_, of, limit, methods) => {
    const { core, b } = await some();
    await using _core = core;
    const { rows } = await core.call('history.list', {
      ...(of === null ? {} : { id: b.slice(-6) }),
      ...(limit === undefined ? {} : { limit }),
    });
    expect(rows.map(({ method }) => method)).toEqual(methods);
  });

  test('of a deleted node can be had by its whole id', async () => {
    const { core, b } = await some();
    await using _ = core;
    await core.call('node.delete', { ids: [b] });
    expect((await core.call('history.list', { id: b })).rows[0]?.method).toBe('node.delete');
  });

  test('of nothing that is there is an error', async () => {
    const { core } = await some();
    await using _ = core;
    expect(await core.problem('history.list', { id: 'ZZZZ' })).toMatchObject({ code: 'not_found' });
  });

  test('is of twenty when nobody says how many', async () => {
    await using core = new Core();
    for (let i = 0; i < 25; i++) await core.file(`task ${i}`);
    expect((await core.call('history.list', {})).rows).toHaveLength(20);
  });

  test('of a large change tells the first hundred entries, and how many there are', async () => {
    await using core = new Core();
    const ids = [];
    for (let i = 0; i < 120; i++) ids.push((await core.file(`task ${i}`)).node_id);
    await core.call('task.done', { ids });
    const { rows } = await core.call('history.list', { limit: 1 });
    expect(rows[0]).toMatchObject({ count: 120, changes: { length: 100 } });
    const { undone } = await core.call('history.undo', {});
    expect(undone).toMatchObject({ count: 120, changes: { length: 100 } });
    expect(core.list()).toHaveLength(120);
  });
});
