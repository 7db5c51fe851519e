import { describe, expect, test } from 'vitest';
import type { Params } from '#protocol/methods.ts';
import { Core } from '../../../support/builders.ts';

/** A store with something of each kind that is offered, and of each that is not. */
async function mixed(): Promise<Core> {
  const core = new Core();
  for (const name of ['Home', 'Homestead', 'Work']) await core.call('project.add', { name });
  for (const title of ['Boiler', 'boiling', 'Zähne'])
    await core.call('doc.new', { title, body: 'x' });
  const paint = await core.file('Paint', { key: 'pr-1', tags: ['home', 'hot'] });
  await core.file('Water', { key: 'pr-2', tags: ['home'] });
  const done = await core.file('Done', { key: 'pr-3' });
  await core.call('task.done', { ids: [done.node_id] });
  await core.file('Put off', { do_date: '+3d' });
  await core.call('task.edit', { id: paint.node_id, attention: 'red' });
  const gone = await core.call('doc.new', { title: 'Boiled' });
  await core.call('node.delete', { ids: [gone.node_id] });
  return core;
}

const offered = async (core: Core, params: Params<'complete'>) =>
  (await core.call('complete', params)).rows.map(({ word }) => word);

describe('what is offered', () => {
  test.each<[Params<'complete'>['what'], string, string[]]>([
    ['project', 'hom', ['Home', 'Homestead']],
    ['project', 'W', ['Work']],
    ['project', 'x', []],
    ['doc', 'BOIL', ['Boiler', 'boiling']],
    ['doc', 'zä', ['Zähne']],
    ['doc', 'za\u0308', ['Zähne']],
    ['tag', 'ho', ['home', 'hot']],
    ['tag', 'hot', ['hot']],
    ['key', 'pr-', ['pr-1', 'pr-2']],
    ['key', 'PR', []],
  ])('of a %s that begins with %j is %j', async (what, prefix, words) => {
    await using core = await mixed();
    expect(await offered(core, { what, prefix })).toEqual(words);
  });

  test('of tasks is what is next, by short ids, with their titles', async () => {
    await using core = await mixed();
    const { rows } = await core.call('complete', { what: 'task', prefix: '' });
    expect(rows.map(({ hint }) => hint)).toEqual(['Paint', 'Water']);
    const [paint] = rows;
    expect((await core.call('task.show', { id: paint?.word ?? '' })).title).toBe('Paint');
    const typed = paint?.word.toLowerCase() ?? '';
    expect(await offered(core, { what: 'task', prefix: typed })).toEqual([paint?.word]);
  });

  test('is a hundred at the most', async () => {
    await using core = new Core();
    const { node_id: id } = await core.file('Paint');
    await core.call('tag.add', { id, tags: Array.from({ length: 100 }, (_, i) => `a${i}`) });
    const other = await core.file('Water', { tags: ['b', 'c'] });
    expect(other.tags).toHaveLength(2);
    expect(await offered(core, { what: 'tag', prefix: '' })).toHaveLength(100);
  });
});
