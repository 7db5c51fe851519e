import { expect, test } from 'vitest';
import { readTaskwarrior } from '#cli/import/taskwarrior.ts';

const ENTRY = '20261124T225201Z';
const TASK = { uuid: 'u-1', description: 'Pay', entry: ENTRY, status: 'pending' };

const inBerlin = (text: string) => readTaskwarrior(text, 'tasks.json', 'Europe/Berlin');

test('a template copies its annotations into occurrences; they are said once', () => {
  const annotations = [{ entry: ENTRY, description: 'a' }];
  const template = { ...TASK, status: 'recurring', recur: 'weekly', due: ENTRY, annotations };
  const own = { entry: '20261125T000000Z', description: 'b' };
  const child = {
    ...TASK,
    uuid: 'u-2',
    parent: 'u-1',
    imask: 0,
    due: ENTRY,
    annotations: [...annotations, own],
  };
  const other = { ...TASK, uuid: 'u-3', depends: ['u-2'] };
  const read = inBerlin(JSON.stringify([template, child, other]));
  const [task, dependent] = read.records;
  expect(task?.log.map(({ text }) => text)).toEqual(['a', 'b']);
  expect(dependent?.body).toBe(`depends: [[${task?.node_id}]] Pay\n`);
});

test('occurrences without their template are one task, with the dates of the first', () => {
  const child = { ...TASK, parent: 'p', recur: 'weekly', imask: 4, due: '20261207T230000Z' };
  const later = { ...child, uuid: 'u-2', imask: 5, due: '20261214T230000Z' };
  const read = inBerlin(JSON.stringify([later, child]));
  expect(read).toMatchObject({
    records: [{ late_from: '2026-12-08', recurrence: 'FREQ=WEEKLY;BYDAY=TU' }],
    problems: [],
  });
  expect(read.records).toHaveLength(1);
});

test.each(['deleted', 'completed'])(
  'an occurrence that waits though its template is %s is a task of its own',
  (status) => {
    const annotations = [{ entry: ENTRY, description: 'a' }];
    const template = { ...TASK, status, recur: 'weekly', due: ENTRY, annotations };
    const child = { ...template, uuid: 'u-2', parent: 'u-1', status: 'pending', imask: 4 };
    const read = inBerlin(JSON.stringify([template, child]));
    expect(read.problems).toEqual([]);
    expect(read.records).toMatchObject([
      { state: status === 'deleted' ? 'dropped' : 'done', recurrence: null },
      { state: 'outstanding', recurrence: null },
    ]);
    expect(new Set(read.records.flatMap(({ log }) => log.map((each) => each.entry_id))).size).toBe(
      2,
    );
  },
);
