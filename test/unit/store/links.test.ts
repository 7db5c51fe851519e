import { describe, expect, test } from 'vitest';
import { Core } from '../../support/builders.ts';

/** Documents by title, each with its body; a title may come twice. */
async function docs(...all: [title: string, body?: string][]) {
  const core = new Core();
  const ids: string[] = [];
  for (const [title, body = ''] of all)
    ids.push((await core.call('doc.new', { title, body })).node_id);
  return { core, ids, [Symbol.asyncDispose]: () => core[Symbol.asyncDispose]() };
}

const TWENTY_SIX = 'Hafenkonzertkartenschalter';

describe('a link leads to', () => {
  test.each<[string, string[], string, number | null]>([
    ['the node of its title', ['a', 'b'], '[[b]]', 1],
    ['it in other letter case', ['Zähne'], '[[ZÄHNE]]', 0],
    ['it however its letters are composed', ['Za\u0308hne'], '[[Zähne]]', 0],
    ['it whatever the space inside', ['a  b'], '[[a b]]', 0],
    ['the one written just so, of two in other letter case', ['Home', 'home'], '[[home]]', 1],
    ['the first that was there, of two written the same', ['Home', 'Home'], '[[Home]]', 0],
    ['the first that was there, where none is written just so', ['Home', 'HOME'], '[[hoME]]', 0],
    ['a title that could be an id by its letters', ['a', TWENTY_SIX], `[[${TWENTY_SIX}]]`, 1],
    ['nothing, where there is no such title', ['a'], '[[b]]', null],
    ['nothing, by a part of an id', ['a'], '[[01KAAA]]', null],
  ])('%s', async (_, titles, body, to) => {
    await using made = await docs(...titles.map((title): [string] => [title]), ['From', body]);
    const { rows } = await made.core.call('link.list', { id: 'From' });
    expect(rows.map(({ node_id }) => node_id)).toEqual([to === null ? null : made.ids[to]]);
  });

  test('a node of any kind, by its title or its id in any letter case', async () => {
    await using core = new Core();
    const { node_id: task } = await core.file('Paint');
    const { node_id: project } = await core.call('project.add', { name: 'Home' });
    const { node_id: page } = await core.call('journal.write', { append: 'x' });
    const body = `[[paint]] [[home]] [[2026-11-18]] [[${task.toLowerCase()}]]`;
    await core.call('doc.new', { title: 'From', body });
    const { rows } = await core.call('link.list', { id: 'From' });
    expect(rows.map(({ node_id: id, kind, title }) => ({ id, kind, title }))).toEqual([
      { id: task, kind: 'task', title: 'Paint' },
      { id: project, kind: 'project', title: 'Home' },
      { id: page, kind: 'journal', title: '2026-11-18' },
      { id: task, kind: 'task', title: 'Paint' },
    ]);
    const { rows: back } = await core.call('link.back', { id: task });
    expect(back.map(({ title }) => title)).toEqual(['From']);
  });

  test('the node of an id, though another has that id for a title', async () => {
    await using made = await docs(['a']);
    const [id = ''] = made.ids;
    await made.core.call('doc.new', { title: id });
    await made.core.call('doc.new', { title: 'From', body: `[[${id}]]` });
    const { rows } = await made.core.call('link.list', { id: 'From' });
    expect(rows[0]).toMatchObject({ node_id: id, title: 'a' });
  });

  test('nothing once its node is deleted, or to another of that title', async () => {
    await using made = await docs(['a'], ['a'], ['From', '[[a]]']);
    const { core, ids } = made;
    const leads = async () => (await core.call('link.list', { id: 'From' })).rows[0]?.node_id;
    await core.call('node.delete', { ids: [ids[0] ?? ''] });
    expect(await leads()).toBe(ids[1]);
    await core.call('node.delete', { ids: [ids[1] ?? ''] });
    expect(await leads()).toBeNull();
    expect(await core.call('link.list', { id: 'From' })).toEqual({
      rows: [{ target: 'a', text: null, node_id: null, kind: null, title: null }],
    });
  });

  test('what comes to be there later', async () => {
    await using made = await docs(['From', '[[Later]]']);
    const { node_id: id } = await made.core.call('doc.new', { title: 'later' });
    const { rows } = await made.core.call('link.back', { id });
    expect(rows.map(({ title }) => title)).toEqual(['From']);
  });
});

test('links are listed in the order of the body, each once, with the first text shown for it', async () => {
  await using made = await docs(['a'], ['From', '[[b]] [[a|x]] `[[c]]` [[a]] [[b|y]]']);
  const { rows } = await made.core.call('link.list', { id: 'From' });
  expect(rows.map(({ target, text }) => [target, text])).toEqual([
    ['b', null],
    ['a', 'x'],
  ]);
});

describe('what links back', () => {
  const titles = async (core: Core, id: string) =>
    (await core.call('link.back', { id })).rows.map(({ title }) => title);

  test('is listed by title, each once, a cycle and the node itself as well', async () => {
    await using made = await docs(
      ['a', '[[b]] [[a]]'],
      ['d', '[[a]] [[A|x]]'],
      ['b', '[[a]]'],
      ['none', '`[[a]]`'],
    );
    expect(await titles(made.core, 'a')).toEqual(['a', 'b', 'd']);
    expect(await titles(made.core, 'b')).toEqual(['a']);
  });

  test('follows each edit of a body', async () => {
    await using made = await docs(['a'], ['b'], ['From', '[[a]]']);
    const { core } = made;
    await core.call('doc.edit', { id: 'From', body: '[[b]]' });
    expect(await titles(core, 'a')).toEqual([]);
    expect(await titles(core, 'b')).toEqual(['From']);
    await core.call('doc.edit', { id: 'From', append: '[[a]]' });
    expect(await titles(core, 'a')).toEqual(['From']);
    await core.call('doc.edit', { id: 'From', body: '' });
    expect(await titles(core, 'b')).toEqual([]);
  });

  test('does not name what was deleted, nor what links to another node of that title', async () => {
    await using made = await docs(['Home'], ['home'], ['From', '[[home]]'], ['Gone', '[[Home]]']);
    const { core, ids } = made;
    await core.call('node.delete', { ids: [ids[3] ?? ''] });
    expect(await titles(core, ids[0] ?? '')).toEqual([]);
    expect(await titles(core, ids[1] ?? '')).toEqual(['From']);
  });

  test('of a title that could be an id is found', async () => {
    await using made = await docs([TWENTY_SIX], ['From', `[[${TWENTY_SIX}]]`]);
    expect(await titles(made.core, TWENTY_SIX)).toEqual(['From']);
  });
});
