import { expect, test } from 'vitest';
import { newUlid } from '#node/new-id.ts';

test('ids made at once differ', () => {
  expect(new Set(Array.from({ length: 10_000 }, newUlid)).size).toBe(10_000);
});

test('an id made later sorts later', async () => {
  const first = newUlid();
  await new Promise((resolve) => setTimeout(resolve, 2));
  expect(newUlid() > first).toBe(true);
});
