import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareVersions, VERSION_FORM } from '#update/version.ts';

test.each([
  ['0.1.0', '0.1.0', 0],
  ['0.1.0', '0.1.1', -1],
  ['0.9.0', '0.10.0', -1],
  ['1.0.0', '0.99.99', 1],
  ['2.0.0', '10.0.0', -1],
])('%s against %s', (a, b, expected) => {
  expect(Math.sign(compareVersions(a, b))).toBe(expected);
});

test('any two are in the order of their numbers, either way round', () => {
  const part = fc.integer({ min: 0, max: 999_999 });
  fc.assert(
    fc.property(fc.tuple(part, part, part), fc.tuple(part, part, part), (a, b) => {
      const order = Math.sign(a[0] - b[0]) || Math.sign(a[1] - b[1]) || Math.sign(a[2] - b[2]);
      expect(Math.sign(compareVersions(a.join('.'), b.join('.')))).toBe(order);
      expect(a.join('.')).toMatch(VERSION_FORM);
    }),
  );
});

test.each([
  '',
  '1',
  '1.2',
  '1.2.3.4',
  'v1.2.3',
  '1.2.3-beta',
  '01.2.3',
  '1.2.03',
  '1.2.x',
  '1.2.3\n',
  '../1.2.3',
])('%j is no version', (text) => {
  expect(text).not.toMatch(VERSION_FORM);
});
