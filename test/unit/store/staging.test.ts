import { afterEach, beforeEach, expect, test } from 'vitest';
import { beginStaging, isStaging, stage, staged } from '#store/staging.ts';
import { Core } from '../../support/builders.ts';

let core: Core;
beforeEach(() => {
  core = new Core();
});
afterEach(() => core[Symbol.asyncDispose]());

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n);

test('what was staged is read in the order of its parts, the same part once', () => {
  beginStaging(core.sql, 'one');
  expect(isStaging(core.sql, 'one')).toBe(true);
  expect(stage(core.sql, 'one', 1, numbers(500, 300))).toBe(300);
  expect(stage(core.sql, 'one', 0, ['torn'])).toBe(301);
  expect(stage(core.sql, 'one', 0, numbers(0, 500))).toBe(800);
  expect([...staged(core.sql, 'one')]).toEqual(numbers(0, 800));
});

test('reading on finds its place at once, however much was staged', () => {
  const heard = new Set<string>();
  const prepare = core.db.prepare.bind(core.db);
  core.db.prepare = (sql) => {
    heard.add(sql);
    return prepare(sql);
  };
  beginStaging(core.sql, 'one');
  stage(core.sql, 'one', 0, [1]);
  heard.clear();
  expect([...staged(core.sql, 'one')]).toEqual([1]);
  const [sql = ''] = heard;
  const plan = prepare(`EXPLAIN QUERY PLAN ${sql}`).all({ id: 'one', part: 0, place: 0 });
  expect(plan).toEqual([
    expect.objectContaining({
      detail: expect.stringMatching(/^SEARCH .* \(import=\? AND \(part,/),
    }),
  ]);
});
