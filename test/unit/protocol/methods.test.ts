import { describe, expect, test } from 'vitest';
import { LARGE_WRITERS, READERS, WRITERS } from '#daemon/handlers/table.ts';
import { Keeper } from '#daemon/keeper.ts';
import { isMethod, METHODS, requestId, type MethodSpec } from '#protocol/methods.ts';

const methods = Object.entries(METHODS) as [keyof typeof METHODS, MethodSpec][];

const CHANGERS = { ...WRITERS, ...LARGE_WRITERS };

test.each(methods)('%s has one handler, of the kind it needs', (name, { mutates, keeps }) => {
  expect(Object.hasOwn(CHANGERS, name)).toBe(mutates === true);
  expect(Object.hasOwn(READERS, name)).toBe(mutates !== true && keeps !== true);
  expect(name in Keeper.prototype).toBe(keeps === true);
});

test('nobody handles a method that is not in the table', () => {
  const names = methods.flatMap(([name, { keeps }]) => (keeps ? [] : [name])).toSorted();
  expect([...Object.keys(READERS), ...Object.keys(CHANGERS)].toSorted()).toEqual(names);
});

test('a method that changes the store never runs in a reader', () => {
  expect(methods.filter(([, { mutates, long }]) => mutates && long)).toEqual([]);
});

test.each(['toString', 'constructor', '__proto__', 'task', 'task.nexT', ''])(
  '%j is no method',
  (name) => {
    expect(isMethod(name)).toBe(false);
  },
);

describe('params', () => {
  test.each([
    ['task.add', { title: 'x' }, true],
    [
      'task.add',
      {
        title: 'x',
        project: null,
        do_date: null,
        late_on: null,
        context: null,
        key: null,
        tags: [],
      },
      true,
    ],
    ['task.add', {}, false],
    ['task.add', { title: 1 }, false],
    ['task.add', { title: 'x', attention: 'purple' }, false],
    ['task.add', { title: 'x', tags: 'home' }, false],
    ['task.add', { title: 'x', do_date: 'x'.repeat(101) }, false],
    ['task.edit', { title: 'x' }, false],
    ['task.next', {}, true],
    ['task.next', { limit: 0 }, false],
    ['task.next', { limit: 1.5 }, false],
    ['task.next', { limit: 1001 }, false],
    ['task.list', { state: 'open' }, false],
    ['task.show', { id: '' }, false],
    ['task.done', { ids: [] }, false],
    ['task.done', { ids: Array.from({ length: 1001 }, () => 'x') }, false],
    ['context.write', { id: 'x', body: '' }, true],
    ['context.write', { id: 'x', append: 'y' }, true],
    ['context.write', { id: 'x' }, false],
    ['context.write', { id: 'x', body: '', append: '' }, false],
    ['project.add', { name: null }, false],
    ['project.list', {}, true],
  ] as const)('of %s %j are good: %s', (name, params, isGood) => {
    expect(METHODS[name].params.safeParse(params).success).toBe(isGood);
  });

  test.each([
    ['1234567', false],
    ['12345678', true],
    ['x'.repeat(64), true],
    ['x'.repeat(65), false],
    [7, false],
  ])('the request id %j is good: %s', (id, isGood) => {
    expect(requestId.safeParse(id).success).toBe(isGood);
  });
});
