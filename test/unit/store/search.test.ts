import { describe, expect, test } from 'vitest';
import { Core } from '../../support/builders.ts';

/** Documents, each a title and a body, and what a search of them finds, by title. */
async function found(typed: string, docs: [title: string, body?: string][]): Promise<string[]> {
  await using core = new Core();
  for (const [title, body = ''] of docs) await core.call('doc.new', { title, body });
  return (await core.call('search', { query: typed })).rows.map(({ title }) => title);
}

describe('a search finds', () => {
  test.each<[string, string, string[]]>([
    ['a word in title or body', 'milk', ['Milk', 'Bread']],
    ['all of several words, wherever each is', 'milk rye', ['Bread']],
    ['a phrase', '"with milk"', ['Bread']],
    ['a phrase by its beginning', '"with mi"*', ['Bread']],
    ['a beginning', 'zah*', ['Zähne']],
    ['no beginning that nobody asked for', 'zah', []],
    ['without what is excluded', 'milk -rye', ['Milk']],
    ['without accents and letter case', 'ZAHNE', ['Zähne']],
    ['with accents that are not there', 'mílk', ['Milk', 'Bread']],
    ['a part of what is written without spaces', '本語', ['日本語']],
    ['no letters in another order', '語本', []],
    ['Hangul', '한국어', ['한국어']],
    ['a script with signs for vowels', 'हिन्दी', ['हिन्दी']],
    ['no other word of the same consonants', 'हन्द', []],
    ['Greek without its accents', 'ελλαδα', ['Ελλάδα']],
    ['a number', '2026', ['Bread']],
    ['a word beside an emoji that is newer than the tables of the index', 'idea', ['🤔idea']],
    [
      'what is typed as letter and mark, where other scripts have that mark',
      'tie\u0323ng',
      ['Tiệng'],
    ],
    ['words, whatever accent stands alone among them', 'rye \u0301 milk', ['Bread']],
    ['the words that FTS5 would take for its own', 'and', []],
    ['nothing', 'none', []],
  ])('%s', async (_, typed, titles) => {
    const docs: [string, string?][] = [
      ['Milk'],
      ['Bread', 'rye, with milk, 2026'],
      ['Zähne'],
      ['日本語'],
      ['한국어'],
      ['हिन्दी'],
      ['Ελλάδα'],
      ['🤔idea'],
      ['Tiệng'],
    ];
    expect(await found(typed, docs)).toEqual(titles);
  });

  test('a title before a body, and a body before a log', async () => {
    await using core = new Core();
    const { node_id: log } = await core.call('doc.new', { title: 'two', body: 'other' });
    await core.call('log.add', { id: log, text: 'milk' });
    await core.call('doc.new', { title: 'three', body: 'milk' });
    await core.call('doc.new', { title: 'milk', body: 'four' });
    for (let i = 0; i < 20; i++) await core.call('doc.new', { title: `more ${i}`, body: 'other' });
    const { rows } = await core.call('search', { query: 'milk' });
    expect(rows.map(({ title, where }) => [title, where])).toEqual([
      ['milk', 'title'],
      ['three', 'body'],
      ['two', 'log'],
    ]);
  });

  test('as many as are asked for, twenty when nobody says', async () => {
    await using core = new Core();
    for (let i = 0; i < 25; i++) await core.call('doc.new', { title: `milk ${i}` });
    const count = async (limit?: number) =>
      (await core.call('search', { query: 'milk', ...(limit ? { limit } : {}) })).rows.length;
    expect([await count(), await count(3), await count(1000)]).toEqual([20, 3, 25]);
  });

  test('of very many, those of the newest that fit best', async () => {
    await using core = new Core();
    const all = Array.from({ length: 5100 }, () => core.newId());
    core.write(
      ...all.flatMap((node, i) => [
        { node, field: 'created', value: { kind: 'doc', at_ms: 1 } } as const,
        { node, field: 'title', value: i % 1000 === 5 ? 'milk' : `doc ${i}` } as const,
        { node, field: 'body', value: 'milk' } as const,
      ]),
    );
    const { rows } = await core.call('search', { query: 'milk', limit: 1000 });
    expect(rows).toHaveLength(1000);
    expect(rows[0]?.node_id).toBe(all[5005]);
    await core.call('node.delete', { ids: all.slice(4200, 5100) });
    expect((await core.call('search', { query: 'milk', limit: 1000 })).rows).toHaveLength(1000);
  });
});

describe('the index follows', () => {
  test('each change of a text', async () => {
    await using core = new Core();
    const { node_id: id } = await core.file('Milk', { context: 'bread' });
    const finds = async (query: string) =>
      (await core.call('search', { query })).rows.map(({ where }) => where);
    expect([await finds('milk'), await finds('bread')]).toEqual([['title'], ['body']]);
    await core.call('task.edit', { id, title: 'Cheese', context: 'wine' });
    expect([await finds('milk'), await finds('bread')]).toEqual([[], []]);
    await core.call('log.add', { id, text: 'milk' });
    await core.call('log.add', { id, text: 'bread' });
    expect([await finds('milk'), await finds('bread')]).toEqual([['log'], ['log']]);
    await core.call('history.undo', {});
    expect([await finds('milk'), await finds('bread')]).toEqual([['log'], []]);
  });

  test('a deletion, and its undoing', async () => {
    await using core = new Core();
    const { node_id: id } = await core.file('Milk');
    await core.call('node.delete', { ids: [id] });
    expect((await core.call('search', { query: 'milk' })).rows).toEqual([]);
    await core.call('history.undo', {});
    expect((await core.call('search', { query: 'milk' })).rows).toHaveLength(1);
  });
});
