import { expect, test } from 'vitest';
import type { Context } from '#cli/command.ts';
import { printTask } from '#cli/print/task.ts';
import type { Result } from '#protocol/methods.ts';

test.each([
  ['schedule', 'FREQ=WEEKLY;BYDAY=FR', 'every week on Friday'],
  ['done', 'FREQ=DAILY;INTERVAL=3', 'every 3 days, from when it is done'],
  // No words would be read back as this one.
  ['schedule', 'FREQ=MONTHLY;BYMONTHDAY=31', 'FREQ=MONTHLY;BYMONTHDAY=31'],
] as const)('how a task repeats from %s is said in words: %s', (from, recurrence, words) => {
  let text = '';
  const context = { invocation: { columns: 80, env: {} }, print: (more: string) => (text += more) };
  const task = { title: 'Water', tags: [], body: '', recurrence, recur_from: from };
  const others = {
    created_at: 0,
    updated_at: 0,
    project: null,
    key: null,
    do_on: null,
    late_from: null,
  };
  printTask(
    context as unknown as Context,
    {
      ...task,
      ...others,
      node_id: 'ID',
      state: 'outstanding',
      attention: 'white',
    } as unknown as Result<'task.show'>,
  );
  expect(text).toMatch(new RegExp(`^ +.*repeats.* ${RegExp.escape(words)}$`, 'm'));
});
