import { expect, test } from 'vitest';
import { importId, UNKNOWN_MS } from '#cli/import/import-id.ts';
import { ulid } from '#core/ids.ts';

test('the same source has the same id, also tomorrow', () => {
  expect(importId('taskwarrior:a', 1_469_918_176_385)).toBe('01ARYZ6S41APHARJECA13DV35Z');
});

test('another source, or another moment, has another', () => {
  const ids = [importId('a', 1), importId('b', 1), importId('a', 2)];
  expect(new Set(ids).size).toBe(3);
});

test.each([null, -1, Number.NaN, 2 ** 48])('the moment %s is taken as unknown', (ms) => {
  expect(importId('a', ms)).toBe(importId('a', UNKNOWN_MS));
  expect(importId('a', ms).slice(0, 10)).toBe(ulid(UNKNOWN_MS, new Uint8Array(10)).slice(0, 10));
});
