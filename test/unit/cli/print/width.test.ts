import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fit, pad, widthOf } from '#cli/print/width.ts';

test.each([
  ['', 0],
  ['plain', 5],
  ['Zähne', 5],
  ['a\u0308', 1],
  ['日本', 4],
  ['한글', 4],
  ['ｆｕｌｌ', 8],
  ['😀', 2],
  ['👩‍👩‍👧', 2],
  ['🇩🇪', 2],
  ['❤️', 2],
  ['…', 1],
])('%j takes %d columns', (text, width) => {
  expect(widthOf(text)).toBe(width);
});

describe('cut to fit', () => {
  test.each([
    ['short', 5, 'short'],
    ['shorter', 5, 'shor…'],
    ['日本語', 6, '日本語'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['👩‍👩‍👧👩‍👩‍👧', 3, '👩‍👩‍👧…'],
    ['long', 1, '…'],
    ['long', 0, ''],
    ['', 0, ''],
  ])('%j in %d columns is %j', (text, columns, cut) => {
    expect(fit(text, columns)).toBe(cut);
  });

  const letters = fc.string({
    unit: fc.constantFrom('a', 'é', 'a\u0308', '日', '😀', '👩‍👩‍👧', ' '),
    maxLength: 30,
  });
  test('whatever the text, it is never wider than asked, and whole where there is room', () => {
    fc.assert(
      fc.property(letters, fc.nat(40), (text, columns) => {
        const cut = fit(text, columns);
        expect(widthOf(cut)).toBeLessThanOrEqual(columns);
        if (widthOf(text) <= columns) expect(cut).toBe(text);
      }),
    );
  });

  test('filled up, it is exactly as wide as asked', () => {
    fc.assert(
      fc.property(letters, fc.integer({ min: 60, max: 90 }), (text, columns) => {
        expect(widthOf(pad(text, columns))).toBe(columns);
      }),
    );
  });
});
