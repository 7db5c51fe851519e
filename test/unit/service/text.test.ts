import { expect, test } from 'vitest';
import { basename, dirname } from '#service/text.ts';

test.each([
  ['/a/b', 'b', '/a'],
  ['/a', 'a', '/'],
  ['/', '', '/'],
  ['/a/', '', '/a'],
])('%j is %j in %j', (path, name, folder) => {
  expect(basename(path)).toBe(name);
  expect(dirname(path)).toBe(folder);
});

test('a name alone is its own', () => {
  expect(basename('hephd')).toBe('hephd');
});
