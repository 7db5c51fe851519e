import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineReader, LineTooLongError } from '#protocol/framing.ts';

/** The lines a reader finds in bytes that come in pieces. */
function linesOf(bytes: Uint8Array, cuts: number[], maxBytes = 1_000_000): string[] {
  const reader = new LineReader(maxBytes);
  const ends = [...new Set(cuts.filter((cut) => cut < bytes.length)), bytes.length].toSorted(
    (a, b) => a - b,
  );
  let start = 0;
  return ends.flatMap((end) => {
    const chunk = bytes.subarray(start, end);
    start = end;
    return reader.push(chunk);
  });
}

test('lines come out whole, wherever the chunks were cut, even inside a character', () => {
  const lines = fc.array(
    fc.string({ unit: fc.constantFrom('a', '"', 'é', '日', '😀', '\r', '\0') }),
  );
  fc.assert(
    fc.property(lines, fc.array(fc.nat(200)), (sent, cuts) => {
      const bytes = Buffer.from(sent.map((line) => `${line}\n`).join(''));
      expect(linesOf(bytes, cuts)).toEqual(sent);
    }),
  );
});

test('a line cut at every single byte comes out whole', () => {
  const bytes = Buffer.from('{"é":"😀"}\n');
  for (let cut = 0; cut <= bytes.length; cut++)
    expect(linesOf(bytes, [cut])).toEqual(['{"é":"😀"}']);
  expect(linesOf(bytes, [...bytes.keys()])).toEqual(['{"é":"😀"}']);
});

test('what no newline has ended is no line yet', () => {
  const reader = new LineReader(100);
  expect(reader.push(Buffer.from('half'))).toEqual([]);
  expect(reader.push(Buffer.from(' a line\n\nrest'))).toEqual(['half a line', '']);
});

test('a line may be as long as the limit, in bytes', () => {
  expect(linesOf(Buffer.from('éé\néé\n'), [], 4)).toEqual(['éé', 'éé']);
});

test.each([
  ['in one piece', []],
  ['in pieces that each are short', [1, 2, 3, 4]],
])('a line one byte over the limit is an error that says the limit, %s', (_, cuts) => {
  expect(() => linesOf(Buffer.from('ééa'), cuts, 4)).toThrow(
    expect.objectContaining({ maxBytes: 4, constructor: LineTooLongError }),
  );
});
