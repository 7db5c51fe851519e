import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareTasks, isCandidate, tierOf } from '#core/ranking.ts';
import { ATTENTIONS, STATES } from '#core/task.ts';

const TODAY = '2026-11-18';
const base = { attention: 'white', lateFrom: null, doOn: null, createdAt: 1, id: 'A' } as const;

test.each([
  ['red', null, 'red'],
  ['red', '2026-11-01', 'red'],
  ['orange', '2026-11-18', 'late'],
  ['white', '2026-11-17', 'late'],
  ['blue', '2020-01-01', 'late'],
  ['orange', '2026-11-19', 'orange'],
  ['white', '2026-11-19', 'white'],
  ['blue', null, 'blue'],
] as const)('%s, late from %s, stands in tier %s', (attention, lateFrom, tier) => {
  expect(tierOf({ attention, lateFrom }, TODAY)).toBe(tier);
});

test.each([
  [{}, true],
  [{ doOn: '2026-11-18' }, true],
  [{ doOn: '2026-11-19' }, false],
  [{ state: 'done' }, false],
  [{ state: 'dropped' }, false],
  [{ projectArchived: true }, false],
  [{ tombstoned: true }, false],
] as const)('a task with %j may be worked on: %s', (fields, may) => {
  const task = {
    state: 'outstanding',
    doOn: null,
    projectArchived: false,
    tombstoned: false,
    ...fields,
  } as const;
  expect(isCandidate(task, TODAY)).toBe(may);
});

describe('which of two comes first', () => {
  test.each([
    ['a red one before a late one', { attention: 'red' }, { lateFrom: '2020-01-01' }],
    [
      'a late blue one before an orange one',
      { attention: 'blue', lateFrom: TODAY },
      { attention: 'orange' },
    ],
    ['an orange one before a white one', { attention: 'orange', createdAt: 2 }, {}],
    ['a white one before a blue one', { createdAt: 2 }, { attention: 'blue' }],
    [
      'the one that is late earlier',
      { lateFrom: '2026-11-20', createdAt: 2 },
      { lateFrom: '2026-11-21' },
    ],
    [
      'one that will be late before one that will not',
      { lateFrom: '2030-01-01', createdAt: 2 },
      { doOn: '2020-01-01' },
    ],
    ['the earlier do date', { doOn: '2026-11-01', createdAt: 2 }, { doOn: '2026-11-02' }],
    ['one with a do date before one with none', { doOn: TODAY, createdAt: 2 }, {}],
    ['the older one', { createdAt: 1, id: 'Z' }, { createdAt: 2 }],
    ['the smaller id', { id: 'A' }, { id: 'B' }],
  ] as const)('%s', (_, first, second) => {
    expect(compareTasks({ ...base, ...first }, { ...base, ...second }, TODAY)).toBeLessThan(0);
    expect(compareTasks({ ...base, ...second }, { ...base, ...first }, TODAY)).toBeGreaterThan(0);
  });
});

test('it is a total order: antisymmetric, transitive, and 0 only for the same task', () => {
  const dates = fc.option(
    fc.constantFrom('2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20'),
  );
  const tasks = fc.record({
    attention: fc.constantFrom(...ATTENTIONS),
    lateFrom: dates,
    doOn: dates,
    createdAt: fc.integer({ min: 1, max: 3 }),
    id: fc.constantFrom('A', 'B', 'C'),
  });
  fc.assert(
    fc.property(tasks, tasks, tasks, (a, b, c) => {
      const order = (x: typeof a, y: typeof a) => Math.sign(compareTasks(x, y, TODAY));
      expect(order(a, b)).toBe(-order(b, a) || 0);
      if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).toBeLessThanOrEqual(0);
      if (a.id !== b.id) expect(order(a, b)).not.toBe(0);
    }),
    { numRuns: 1000 },
  );
});

test('only an outstanding task is ever a candidate', () => {
  const others = STATES.filter((state) => state !== 'outstanding');
  for (const state of others) {
    expect(
      isCandidate({ state, doOn: null, projectArchived: false, tombstoned: false }, TODAY),
    ).toBe(false);
  }
});
