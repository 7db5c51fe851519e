import SqliteDatabase from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ftsQuery, parseSearch, searchable, snippetOf } from '#core/search-query.ts';

const query = (text: string) => {
  const terms = parseSearch(text);
  return terms && ftsQuery(terms);
};

describe('what is typed becomes a query', () => {
  test.each([
    ['milk', '("milk")'],
    ['  Milk   ZÄHNE ', '("milk" AND "zahne")'],
    ['"buy milk" now', '("buy milk" AND "now")'],
    ['"never closed', '("never closed")'],
    ['mil*', '("mil" *)'],
    ['"buy mil"*', '("buy mil" *)'],
    ['milk -bread', '("milk") NOT ("bread")'],
    ['-bread milk -"old news"', '("milk") NOT ("bread" OR "old news")'],
    ["don't", '("don t")'],
    ['a-b/c', '("a b c")'],
    ['日本', '("日 本")'],
    ['한국어', '("한국어")'],
    ['milk AND bread', '("milk" AND "and" AND "bread")'],
    ['NEAR(a b)', '("near a" AND "b")'],
    ['title:milk ^milk', '("title milk" AND "milk")'],
    ['a"b"c', '("a b c")'],
  ])('%j', (text, fts) => {
    expect(query(text)).toBe(fts);
  });

  test.each(['', ' ', '"', '""', '*', '-', '-milk', '-"a b"', '😀', '!?:^*()', '\u0000'])(
    '%j has nothing to look for',
    (text) => {
      expect(parseSearch(text)).toBeNull();
    },
  );

  test('that the index understands, whatever was typed', () => {
    const db = new SqliteDatabase(':memory:');
    db.exec('CREATE VIRTUAL TABLE search USING fts5 (text)');
    const match = db.prepare('SELECT count(*) FROM search WHERE search MATCH ?');
    const unit = fc.oneof(
      fc.constantFrom(
        '"',
        '*',
        '-',
        '(',
        ')',
        ':',
        '^',
        '+',
        '{',
        ' ',
        'AND',
        'OR',
        'NOT',
        'NEAR(',
        'a',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 12 }), (units) => {
        const fts = query(units.join(''));
        if (fts !== null) expect(() => match.get(fts)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
    db.close();
  });
});

test.each([
  ['Zähne', 'zahne'],
  ['Za\u0308hne', 'zahne'],
  ['Łódź', 'łodz'],
  ['Ελλάδα', 'ελλαδα'],
  ['한국어', '한국어'],
  ['हिन्दी', 'हिन्दी'],
  ['שָׁלוֹם', 'שלום'],
  ['か\u3099', ' が '],
  ['ab日本', 'ab 日  本 '],
])('%j is indexed as %j', (text, indexed) => {
  expect(searchable(text)).toBe(indexed);
});

const snippet = (text: string, typed: string) => snippetOf(text, parseSearch(typed) ?? []);

describe('a snippet', () => {
  const before = 'one two three four five six seven eight';
  const after =
    'nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty';

  test.each([
    ['is all of a short text', 'Buy milk', 'milk', 'Buy milk'],
    ['is one line', 'Buy\n\n  milk\tnow', 'milk', 'Buy milk now'],
    ['is nothing, where the text has nothing', 'Buy bread', 'milk', null],
    ['is of a whole word', 'milkman', 'milk', null],
    ['is of a beginning', 'the milkman', 'mil*', 'the milkman'],
    ['is found without accents and letter case', 'die ZÄHNE', 'zahne', 'die ZÄHNE'],
    [
      'is of a phrase, not of its first word',
      'buy bread, buy milk',
      '"buy milk"',
      'buy bread, buy milk',
    ],
    ['is nothing, where words of a phrase are apart', 'buy some milk', '"buy milk"', null],
    ['is of a phrase that goes on', 'to buy milkshakes', '"buy mil"*', 'to buy milkshakes'],
    ['is of any letter of a script without spaces', '私は日本人です', '日本', '私は日本人です'],
    ['is not of what is excluded', 'bread', 'milk -bread', null],
    [
      'is cut between words',
      `${before} milk ${after}`,
      'milk',
      '…four five six seven eight milk nine ten eleven twelve thirteen fourteen fifteen sixteen…',
    ],
    [
      'is cut at the end alone',
      `milk ${after}`,
      'milk',
      'milk nine ten eleven twelve thirteen fourteen fifteen sixteen…',
    ],
    ['is cut at the beginning alone', `${before} milk`, 'milk', '…four five six seven eight milk'],
  ])('%s', (_, text, typed, line) => {
    expect(snippet(text, typed)).toBe(line);
  });

  test('is never cut inside a character, and always has what was found', () => {
    const word = fc.string({ unit: fc.constantFrom('😀', 'x', 'é', ' ', '\n'), maxLength: 120 });
    fc.assert(
      fc.property(word, word, (left, right) => {
        const line = snippet(`${left} milk ${right}`, 'milk');
        expect(line?.isWellFormed()).toBe(true);
        expect(line).toContain('milk');
        expect(line?.length).toBeLessThan(140);
      }),
      { numRuns: 1000 },
    );
  });
});
