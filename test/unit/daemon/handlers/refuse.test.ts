import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NodeRecord } from '#protocol/records.ts';
import { Core, dump } from '../../../support/builders.ts';
import { common, ID, importInto, page, task } from '../../../support/records.ts';

let core: Core;
beforeEach(() => {
  core = new Core();
});
afterEach(() => core[Symbol.asyncDispose]());

const transactions = (of: Core) => dump(of.db, ['transactions'])['transactions'];

describe('what cannot be taken in is left out with its reason, and the rest is in:', () => {
  test.each<[string, NodeRecord[], object]>([
    ['too long a title', [task(1, { title: 'x'.repeat(1001) })], { code: 'too_long', max: 1000 }],
    ['no title', [task(1, { title: '' })], { code: 'bad_value', field: 'title' }],
    [
      'a title with spaces around it',
      [task(1, { title: ' x ' })],
      { code: 'bad_value', text: ' x ', allowed: 'without spaces at its ends' },
    ],
    ['too long a tag', [task(1, { tags: ['x'.repeat(101)] })], { code: 'too_long', field: 'tag' }],
    ['a tag of two words', [task(1, { tags: ['a b'] })], { code: 'bad_value', field: 'tag' }],
    ['a tag with spaces around it', [task(1, { tags: [' a'] })], { code: 'bad_value', text: ' a' }],
    [
      'an empty log entry',
      [task(1, { log: [{ entry_id: ID(900), at: 1, text: ' ' }] })],
      { code: 'bad_value', field: 'log entry' },
    ],
    ['a key of two lines', [task(1, { key: 'a\nb' })], { code: 'bad_value', field: 'key' }],
    ['a key that a task here has', [task(1, { key: 'taken' })], { code: 'conflict' }],
    ['the key of one before it', [task(2, { key: 'two' })], { code: 'conflict', ref: ID(3) }],
    ['the id of one before it', [task(3, { title: 'Twice' })], { code: 'conflict', ref: ID(3) }],
    [
      'the log entry of one before it',
      [task(1, { log: [{ entry_id: ID(901), at: 1, text: 'x' }] })],
      { code: 'conflict', ref: ID(3) },
    ],
    ['the id of another kind', [{ kind: 'doc', ...common(7) }], { code: 'wrong_kind', ref: ID(7) }],
    [
      'no recurrence',
      [task(1, { recurrence: 'whenever' })],
      { code: 'bad_recurrence', why: 'words' },
    ],
    [
      'a recurrence that never comes',
      [task(1, { recurrence: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' })],
      { code: 'bad_recurrence', why: 'never' },
    ],
    ['no day', [task(1, { do_on: '2026-02-30' })], { code: 'bad_value', field: 'do_on' }],
    ['no day to be late', [task(1, { late_from: '2026-13-01' })], { code: 'bad_value' }],
    ['a page of no day', [page(1, { day: '2026-02-30' })], { code: 'bad_value', field: 'day' }],
    [
      'too long a project',
      [task(1, { project: 'x'.repeat(1001) })],
      { code: 'too_long', field: 'project' },
    ],
    [
      'a page that is too long with what is there',
      [page(1, { day: '2026-11-01', body: 'y'.repeat(6_000_000) })],
      { code: 'too_long' },
    ],
  ])('%s', async (_, bad, problem) => {
    await core.file('Here', { key: 'taken' });
    const body = 'x'.repeat(6_000_000);
    await importInto(core, [task(7), page(8, { day: '2026-11-01', body })]);
    const before = transactions(core)?.length ?? 0;
    const log = [{ entry_id: ID(901), at: 1, text: 'x' }];
    const result = await importInto(core, [task(3, { key: 'two', log })], bad, [task(4)]);
    expect(result).toMatchObject({ created: 2, updated: 0, unchanged: 0 });
    expect(result.refused).toEqual([
      { record: 1, title: bad[0]?.title, problem: expect.objectContaining(problem) },
    ]);
    expect(transactions(core)).toHaveLength(before + 1);
    expect(core.list().map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Here', 'Node 3', 'Node 4']),
    );
    expect(core.internalErrors).toEqual([]);
  });
});
