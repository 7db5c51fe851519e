import { expect, test } from 'vitest';
import { pauseMs } from '#update/pause.ts';

const DAY_S = 86_400;
const DAY_MS = DAY_S * 1000;

test.each([
  ['a tenth sooner', 0, 0, 0.9],
  ['or when it is time', 0, 0.5, 1],
  ['or a tenth later', 0, 1, 1.1],
  ['after a failure, twice as long', 1, 0.5, 2],
  ['after two, four times', 2, 0.5, 4],
  ['and never more than eight times', 3, 0.5, 8],
  ['however often', 2000, 0.5, 8],
])('the next look comes %s', (_, failures, chance, days) => {
  expect(pauseMs(DAY_S, failures, chance)).toBeCloseTo(days * DAY_MS);
});
