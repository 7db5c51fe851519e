import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { handOverUntil } from '#client/hand-over.ts';
import { Sandbox } from '../../support/sandbox.ts';

const NOW = 1_000_000_000;

test.each([
  ['one that is on', JSON.stringify({ until_ms: NOW + 5000 }), NOW + 5000],
  ['one that is over', JSON.stringify({ until_ms: NOW - 5000 }), NOW - 5000],
  ['one as long as any', JSON.stringify({ until_ms: NOW + 120_000 }), NOW + 120_000],
  [
    'one further off than any, by a clock that jumped',
    JSON.stringify({ until_ms: NOW + 120_001 }),
    0,
  ],
  ['half a file', '{"until_ms": 12', 0],
  ['an empty file', '', 0],
  ['another file', '{"until": 1}', 0],
  ['a text for a number', '{"until_ms": "1000000001"}', 0],
  ['null', 'null', 0],
])('%s', async (_, text, until) => {
  await using sandbox = await Sandbox.make();
  const path = sandbox.at('hand-over.json');
  writeFileSync(path, text);
  expect(handOverUntil(path, NOW)).toBe(until);
});

test.each(['none.json', '.'])('no such file (%s): nobody announces one', async (name) => {
  await using sandbox = await Sandbox.make();
  expect(handOverUntil(sandbox.at(name), NOW)).toBe(0);
});
