import { describe, expect, test } from 'vitest';
import type { Params } from '#protocol/methods.ts';
import { Core } from '../../../support/builders.ts';

type Fields = Omit<Params<'task.add'>, 'title' | 'key'>;

/** What a script files each morning, by its key. */
const file = (core: Core, fields: Fields) => core.file('Water', { key: 'k', ...fields });

describe('a recurring task that is filed again, on Wednesday 18 November 2026', () => {
  test.each([
    ['weekly', '2026-11-23', 'FREQ=WEEKLY;BYDAY=WE'],
    ['monthly', '2026-11-30', 'FREQ=MONTHLY;BYMONTHDAY=18'],
    ['yearly', '2026-12-01', 'FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=18'],
  ])('%s stays on its day, though it was put off to %s', async (recur, day, rule) => {
    await using core = new Core();
    const { node_id: id } = await file(core, { recur });
    await core.call('task.edit', { id, do_date: day });
    expect(await file(core, { recur })).toMatchObject({ do_on: day, recurrence: rule });
  });

  test.each([
    ['another rule', { recur: 'daily' }, 'FREQ=DAILY'],
    ['a day with it', { recur: 'weekly', do_date: 'fri' }, 'FREQ=WEEKLY;BYDAY=FR'],
    ['a rule that names its day', { recur: 'every mon' }, 'FREQ=WEEKLY;BYDAY=MO'],
    ['from when it is done', { recur: 'weekly', recur_from: 'done' }, 'FREQ=WEEKLY'],
  ] as const)('with %s it changes', async (_, fields, rule) => {
    await using core = new Core();
    await file(core, { recur: 'weekly' });
    expect(await file(core, fields)).toMatchObject({ recurrence: rule });
  });

  test('with a count it counts anew, and stays on its day', async () => {
    await using core = new Core();
    const recur = 'weekly, 10 times';
    const { node_id: id } = await file(core, { recur });
    await core.call('task.done', { ids: [id] });
    await core.call('task.edit', { id, do_date: 'mon' });
    expect(await file(core, { recur })).toMatchObject({
      do_on: '2026-11-23',
      recurrence: 'FREQ=WEEKLY;BYDAY=WE;COUNT=10',
    });
  });

  test('less exactly than before it changes as well', async () => {
    await using core = new Core();
    await file(core, { recur: 'every last friday of the month' });
    const { recurrence } = await file(core, { recur: 'monthly' });
    expect(recurrence).toBe('FREQ=MONTHLY;BYMONTHDAY=27');
  });
});
