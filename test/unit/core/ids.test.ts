import fc from 'fast-check';
import { expect, test } from 'vitest';
import { idPart, ulid } from '#core/ids.ts';

const ALPHABET = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const moments = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const chances = fc.uint8Array({ minLength: 10, maxLength: 10 });

test('an id is 26 characters of Crockford base 32', () => {
  fc.assert(fc.property(moments, chances, (ms, chance) => ALPHABET.test(ulid(ms, chance))));
});

test('ids sort as text by their moment, then by their chance', () => {
  fc.assert(
    fc.property(moments, chances, moments, chances, (ms1, chance1, ms2, chance2) => {
      const byParts = ms1 - ms2 || Buffer.compare(chance1, chance2);
      const [a, b] = [ulid(ms1, chance1), ulid(ms2, chance2)];
      expect(Math.sign(byParts)).toBe(a < b ? -1 : Number(a > b));
    }),
  );
});

test.each([
  [0, 0x00, '00000000000000000000000000'],
  [2 ** 48 - 1, 0xff, '7ZZZZZZZZZZZZZZZZZZZZZZZZZ'],
  [1_469_918_176_385, 0xff, '01ARYZ6S41ZZZZZZZZZZZZZZZZ'],
])('the id of moment %d with every byte %d is %s', (ms, byte, id) => {
  expect(ulid(ms, new Uint8Array(10).fill(byte))).toBe(id);
});

test.each([
  ['as it stands in an id', '7Q2M', '7Q2M'],
  ['in lower case', '7q2m', '7Q2M'],
  ['with letters for the digits they look like', 'oOiIlL', '001111'],
  ['whole', '01ARYZ6S41ZZZZZZZZZZZZZZZZ', '01ARYZ6S41ZZZZZZZZZZZZZZZZ'],
  ['too short', '7Q2', null],
  ['too long', '01ARYZ6S41ZZZZZZZZZZZZZZZZ0', null],
  ['with a letter that no id has', '7Q2U', null],
  ['with a space', '7Q 2M', null],
  ['with a pattern for LIKE or GLOB', '7Q2%', null],
  ['empty', '', null],
])('a part of an id %s: %j reads as %j', (_, typed, part) => {
  expect(idPart(typed)).toBe(part);
});
