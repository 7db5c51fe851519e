import { describe, expect, test } from 'vitest';
import type { Params } from '#protocol/methods.ts';
import { Core } from '../../../support/builders.ts';

type Fields = Omit<Params<'task.add'>, 'title'>;

/** A store, on Wednesday 18 November 2026, with one task. */
async function filed(fields: Fields) {
  const core = new Core();
  const row = await core.file('Water', fields);
  const id = row.node_id;
  return {
    core,
    id,
    row,
    /** The rows of closing it so many times, whatever day it is. */
    close: async (method: 'task.done' | 'task.drop' | 'task.skip', times = 1) => {
      const rows = [];
      for (let i = 0; i < times; i++) rows.push(...(await core.call(method, { ids: [id] })).rows);
      return rows;
    },
    edit: (more: Omit<Params<'task.edit'>, 'id'>) => core.call('task.edit', { id, ...more }),
    show: () => core.call('task.show', { id }),
    [Symbol.asyncDispose]: () => core[Symbol.asyncDispose](),
  };
}

describe('filed to recur', () => {
  test.each<[string, Fields, string | null, string | null, string]>([
    ['every day begins today', { recur: 'daily' }, '2026-11-18', null, 'FREQ=DAILY'],
    [
      'on a day begins on the first',
      { recur: 'every fri' },
      '2026-11-20',
      null,
      'FREQ=WEEKLY;BYDAY=FR',
    ],
    [
      'weekly takes the day it is filed on',
      { recur: 'weekly' },
      '2026-11-18',
      null,
      'FREQ=WEEKLY;BYDAY=WE',
    ],
    [
      'weekly takes the day it is planned for',
      { recur: 'weekly', do_date: 'fri' },
      '2026-11-20',
      null,
      'FREQ=WEEKLY;BYDAY=FR',
    ],
    [
      'weekly takes the day it is late from',
      { recur: 'weekly', late_on: 'fri' },
      null,
      '2026-11-20',
      'FREQ=WEEKLY;BYDAY=FR',
    ],
    [
      'from when it is done begins today',
      { recur: 'weekly', recur_from: 'done' },
      '2026-11-18',
      null,
      'FREQ=WEEKLY',
    ],
    [
      'a day it is planned for is kept, though the rule has it not',
      { recur: 'every fri', do_date: 'today' },
      '2026-11-18',
      null,
      'FREQ=WEEKLY;BYDAY=FR',
    ],
  ])('%s', async (_, fields, doOn, lateFrom, recurrence) => {
    await using task = await filed(fields);
    expect(task.row).toMatchObject({ do_on: doOn, late_from: lateFrom, recurrence });
  });

  test.each([
    ['in words that are none', 'now and then', 'words'],
    ['on a day that never comes', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'never'],
    ['until a day that is past', 'daily until 2026-11-17', 'never'],
  ])('%s is refused, and nothing is filed', async (_, text, why) => {
    await using core = new Core();
    expect(await core.problem('task.add', { title: 'x', recur: text })).toEqual({
      code: 'bad_recurrence',
      text,
      why,
    });
    expect(core.list()).toEqual([]);
  });
});

describe('done', () => {
  test('rolls forward, and stays outstanding, with all else it has', async () => {
    const fields = {
      do_date: 'today',
      tags: ['a'],
      key: 'k',
      context: 'x',
      attention: 'red',
    } as const;
    await using task = await filed({ ...fields, tags: [...fields.tags], recur: 'daily' });
    const before = await task.show();
    task.core.clock.advance(1000);
    await task.close('task.done');
    expect(await task.show()).toEqual({
      ...before,
      do_on: '2026-11-19',
      do_date: before.do_date === null ? null : before.do_date + 86_400_000,
      updated_at: before.updated_at + 1000,
    });
  });

  test.each<[string, Fields, string | null, string | null]>([
    [
      'both dates move by the same',
      { recur: 'weekly', do_date: 'today', late_on: '+2d' },
      '2026-11-25',
      '2026-11-27',
    ],
    ['a late date alone moves alone', { recur: 'weekly', late_on: 'today' }, null, '2026-11-25'],
    [
      'what is overdue goes past today',
      { recur: 'daily', do_date: '2026-11-01' },
      '2026-11-19',
      null,
    ],
    [
      'what is done early goes past its day',
      { recur: 'weekly', do_date: '+2d' },
      '2026-11-27',
      null,
    ],
    [
      'counted from done, it is from today',
      { recur: 'weekly', recur_from: 'done', do_date: '2026-11-02' },
      '2026-11-25',
      null,
    ],
    [
      'the last day of a month is the last of the next',
      { recur: 'monthly', do_date: '2026-10-31' },
      '2026-11-30',
      null,
    ],
  ])('%s', async (_, fields, doOn, lateFrom) => {
    await using task = await filed(fields);
    const [row] = await task.close('task.done');
    expect(row).toMatchObject({ state: 'outstanding', do_on: doOn, late_from: lateFrom });
  });

  test('is once for each, though it is named twice, or asked twice by one request', async () => {
    await using task = await filed({ recur: 'daily' });
    const { core, id } = task;
    const { rows } = await core.call('task.done', { ids: [id, id.slice(-6)] }, 'request-1');
    expect(rows.map((row) => row.do_on)).toEqual(['2026-11-19', '2026-11-19']);
    await core.call('task.done', { ids: [id, id.slice(-6)] }, 'request-1');
    expect((await task.show()).do_on).toBe('2026-11-19');
    await task.close('task.done');
    expect((await task.show()).do_on).toBe('2026-11-20');
  });

  test('for the last time closes it', async () => {
    await using task = await filed({ recur: 'daily 3 times' });
    const rows = await task.close('task.done', 3);
    expect(rows.map((row) => [row.state, row.do_on, row.recurrence])).toEqual([
      ['outstanding', '2026-11-19', 'FREQ=DAILY;COUNT=2'],
      ['outstanding', '2026-11-20', 'FREQ=DAILY;COUNT=1'],
      ['done', '2026-11-20', 'FREQ=DAILY;COUNT=1'],
    ]);
  });

  test('with its last day passed closes it', async () => {
    await using task = await filed({ recur: 'weekly until 2026-11-24' });
    expect((await task.close('task.done'))[0]?.state).toBe('done');
  });

  test('keeps the key, so that filing it again files no second', async () => {
    await using task = await filed({ recur: 'daily', key: 'k' });
    await task.close('task.done');
    const again = await task.core.file('Water', { recur: 'daily', key: 'k' });
    expect(again).toMatchObject({ node_id: task.id, created: false, do_on: '2026-11-19' });
    expect(task.core.list({ all: true })).toHaveLength(1);
  });

  test('is undone whole', async () => {
    await using task = await filed({ recur: 'daily 3 times', late_on: '+1d', do_date: 'today' });
    const before = await task.show();
    await task.close('task.done');
    await task.core.call('history.undo', {});
    expect(await task.show()).toEqual(before);
  });
});

describe('skipped', () => {
  test('moves on as if it were done', async () => {
    await using task = await filed({ recur: 'weekly', do_date: 'fri', late_on: 'sat' });
    const [row] = await task.close('task.skip');
    expect(row).toMatchObject({
      state: 'outstanding',
      do_on: '2026-11-27',
      late_from: '2026-11-28',
    });
  });

  test('for the last time is dropped', async () => {
    await using task = await filed({ recur: 'daily 1 times' });
    expect((await task.close('task.skip'))[0]?.state).toBe('dropped');
  });

  test.each([
    ['that does not recur', false],
    ['that is closed', true],
  ])('one %s is refused, with all that were named', async (_, closes) => {
    await using task = await filed({ recur: 'daily' });
    const other = await task.core.file('other', closes ? { recur: 'daily' } : {});
    if (closes) await task.core.call('task.drop', { ids: [other.node_id] });
    expect(await task.core.problem('task.skip', { ids: [task.id, other.node_id] })).toEqual({
      code: 'not_recurring',
      task: { node_id: other.node_id, kind: 'task', title: 'other' },
    });
    expect((await task.show()).do_on).toBe('2026-11-18');
  });
});

test('dropped, it ends', async () => {
  await using task = await filed({ recur: 'daily' });
  const [row] = await task.close('task.drop');
  expect(row).toMatchObject({ state: 'dropped', do_on: '2026-11-18', recurrence: 'FREQ=DAILY' });
  expect((await task.close('task.done'))[0]).toMatchObject({ state: 'done', do_on: '2026-11-18' });
});

describe('an edit', () => {
  test.each([
    [
      'another recurrence',
      { recur: 'every mon' },
      { recurrence: 'FREQ=WEEKLY;BYDAY=MO', do_on: '2026-11-20' },
    ],
    ['none', { recur: 'none' }, { recurrence: null, do_on: '2026-11-20' }],
    ['none, by null', { recur: null }, { recurrence: null, do_on: '2026-11-20' }],
    [
      'what it counts from',
      { recur_from: 'done' },
      { recurrence: 'FREQ=WEEKLY;BYDAY=FR', recur_from: 'done' },
    ],
    [
      'the day alone, and the rule stays',
      { do_date: 'sat' },
      { recurrence: 'FREQ=WEEKLY;BYDAY=FR', do_on: '2026-11-21' },
    ],
    ['no day: it goes to the next of its rule', { do_date: 'none' }, { do_on: '2026-11-20' }],
    [
      'no day, but a late one',
      { do_date: 'none', late_on: 'sat' },
      { do_on: null, late_from: '2026-11-21' },
    ],
  ] as const)('may give it %s', async (_, fields, row) => {
    await using task = await filed({ recur: 'weekly', do_date: 'fri' });
    expect(await task.edit(fields)).toMatchObject(row);
  });

  test('may have it count from the schedule, by the day that it has then', async () => {
    await using task = await filed({ recur: 'monthly', recur_from: 'done', do_date: '2027-01-31' });
    expect(await task.edit({ recur_from: 'schedule' })).toMatchObject({
      recurrence: 'FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1',
    });
  });

  test('of one that has no day makes it have one, when it is to recur', async () => {
    await using task = await filed({});
    expect(await task.edit({ recur: 'every fri' })).toMatchObject({ do_on: '2026-11-20' });
  });

  test('to a recurrence that is none changes nothing', async () => {
    await using task = await filed({ recur: 'daily' });
    const before = await task.show();
    const bad = { id: task.id, title: 'other', recur: 'now and then' };
    expect(await task.core.problem('task.edit', bad)).toMatchObject({ code: 'bad_recurrence' });
    expect(await task.show()).toEqual(before);
  });
});
