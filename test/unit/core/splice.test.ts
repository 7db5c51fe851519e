import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applySplice, spliceBetween } from '#core/splice.ts';

test.each([
  ['nothing changed', 'same', 'same', { at: 4, cut: 0, put: '' }],
  ['from nothing', '', 'new', { at: 0, cut: 0, put: 'new' }],
  ['to nothing', 'old', '', { at: 0, cut: 3, put: '' }],
  ['in the middle', 'one two three', 'one 2 three', { at: 4, cut: 3, put: '2' }],
  ['at the end', 'one', 'one two', { at: 3, cut: 0, put: ' two' }],
  ['at the beginning', 'two', 'one two', { at: 0, cut: 0, put: 'one ' }],
  ['a letter doubled', 'aa', 'aaa', { at: 2, cut: 0, put: 'a' }],
  ['half of a surrogate pair', '😀', '😁', { at: 1, cut: 1, put: '\ude01' }],
])('a splice: %s', (_, from, to, splice) => {
  expect(spliceBetween(from, to)).toEqual(splice);
});

/** Texts that share much, with letters of one, two, three and four bytes. */
const texts = fc.string({
  unit: fc.constantFrom('a', 'b', '\n', 'é', '日', '😀', '😁', '👩‍👩‍👧'),
  maxLength: 30,
});

test('a splice between two texts turns the one into the other, both ways', () => {
  fc.assert(
    fc.property(texts, texts, (from, to) => {
      expect(applySplice(from, spliceBetween(from, to))).toBe(to);
      expect(applySplice(to, spliceBetween(to, from))).toBe(from);
    }),
    { numRuns: 1000 },
  );
});

test('a splice still does so when it was kept as JSON', () => {
  fc.assert(
    fc.property(texts, texts, (from, to) => {
      const kept = JSON.stringify(spliceBetween(from, to));
      expect(Buffer.from(kept).toString()).toBe(kept);
      expect(applySplice(from, JSON.parse(kept))).toBe(to);
    }),
  );
});
