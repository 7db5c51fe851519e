import { expect, test } from 'vitest';
import { Heard } from '#client/heard.ts';

/** Take so many, in a loop as its users do. */
async function take<T>(heard: Heard<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of heard) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}

test('what came before the loop, and what comes during it, is given in its order', async () => {
  const heard = new Heard<number>();
  heard.push(1);
  heard.push(2);
  const taken = take(heard, 5);
  heard.push(3);
  await new Promise(setImmediate);
  heard.push(4);
  heard.push(5);
  expect(await taken).toEqual([1, 2, 3, 4, 5]);
});

test.each([
  ['before the loop', async () => undefined],
  ['while it waits', () => new Promise(setImmediate)],
])('what has come when it ends %s is still given, then the loop ends', async (_, wait) => {
  const heard = new Heard<string>();
  heard.push('first');
  const taken = take(heard, Infinity);
  await wait();
  heard.push('last');
  heard.end();
  expect(await taken).toEqual(['first', 'last']);
});

test('one that ended with nothing gives nothing', async () => {
  const heard = new Heard<string>();
  heard.end();
  expect(await take(heard, Infinity)).toEqual([]);
});

test('a loop that was left can be begun again where it was', async () => {
  const heard = new Heard<number>();
  for (const item of [1, 2, 3]) heard.push(item);
  expect(await take(heard, 1)).toEqual([1]);
  heard.end();
  expect(await take(heard, Infinity)).toEqual([2, 3]);
});
