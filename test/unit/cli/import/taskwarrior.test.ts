import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readTaskwarrior } from '#cli/import/taskwarrior.ts';
import { nodeRecord, type NodeRecord } from '#protocol/records.ts';

type Task = Extract<NodeRecord, { kind: 'task' }>;

/** What `task export` of 2.6.2 wrote in Berlin. */
const EXPORT = readFileSync('fixtures/import/taskwarrior.json', 'utf8');
const ENTRY = '20261124T225201Z';
const TASK = { uuid: 'u-1', description: 'Pay', entry: ENTRY, status: 'pending' };

const inBerlin = (text: string) => readTaskwarrior(text, 'tasks.json', 'Europe/Berlin');
const { records, problems } = inBerlin(EXPORT);
const tasks = records as Task[];
const called = (title: string, state = 'outstanding') =>
  tasks.filter((task) => task.title === title && task.state === state);

/** The one task that is made of these attributes. */
function one(attributes: Record<string, unknown>): Task {
  const read = inBerlin(JSON.stringify([{ ...TASK, ...attributes }]));
  expect(read.records).toHaveLength(1);
  return read.records[0] as Task;
}

describe('a true export', () => {
  test('is read whole, into records that the protocol takes', () => {
    expect(problems).toEqual([]);
    expect(records).toHaveLength(13);
    for (const record of records) expect(nodeRecord.parse(record)).toEqual(record);
  });

  test('twice is the same', () => {
    expect(inBerlin(EXPORT).records).toEqual(records);
    expect(new Set(records.map((record) => record.node_id)).size).toBe(records.length);
  });

  test('a task with all that Taskwarrior has', () => {
    expect(called('Renew passport')).toEqual([
      {
        kind: 'task',
        node_id: expect.stringMatching(/^01M87X2VB8/) as string,
        title: 'Renew passport',
        created_at: Date.parse('2026-11-24T23:08:33Z'),
        updated_at: Date.parse('2026-11-24T23:08:33Z'),
        tags: ['paper'],
        body: 'start: 2026-11-25 00:08\n',
        log: [
          {
            entry_id: expect.any(String) as string,
            at: Date.parse('2026-11-24T23:08:33Z'),
            text: 'called the office: Mondays only',
          },
          {
            entry_id: expect.any(String) as string,
            at: Date.parse('2026-11-24T23:08:34Z'),
            text: 'form is in the blue folder',
          },
        ],
        tombstoned: false,
        state: 'outstanding',
        attention: 'orange',
        do_on: null,
        late_from: '2026-12-24',
        recurrence: null,
        recur_from: 'schedule',
        project_id: null,
        project: 'home.papers',
        key: null,
      },
    ]);
  });

  test('a link to what it depends on', () => {
    const [passport] = called('Renew passport');
    expect(called('Buy stamps')).toMatchObject([
      {
        body: `depends: [[${passport?.node_id}]] Renew passport\npriority: M\n`,
        attention: 'white',
        do_on: '2027-01-10',
      },
    ]);
  });

  test('the later of wait and scheduled is the day to do it; the other, and the hour, are lines', () => {
    expect(called('Book the train')).toMatchObject([
      {
        do_on: '2026-12-22',
        late_from: '2026-12-24',
        body: 'due: 2026-12-24 12:30\nwait: 2026-12-20\n',
      },
    ]);
  });

  test('attributes of its user are lines of the body', () => {
    expect(called('Tab and "quotes" \\ and ünï 😀')).toMatchObject([
      {
        body: 'Tab\tand "quotes" \\ and ünï 😀\n\nclient: Ürs & Söhne\nestimate: PT3H\nreviewed: 2026-11-01\nsize: 3\n',
      },
    ]);
  });

  test.each([
    ['Return the books', 'done', 'Completed in Taskwarrior.'],
    ['Learn to juggle', 'dropped', 'Deleted in Taskwarrior.'],
  ])('%s is %s, and the log says when', (title, state, text) => {
    const at = Date.parse('2026-11-24T23:08:34Z');
    expect(called(title, state)).toMatchObject([{ log: [{ at, text }], tombstoned: false }]);
  });

  test('a template and its occurrence are one task that repeats', () => {
    expect(called('Water the plants')).toMatchObject([
      {
        late_from: '2026-11-27',
        recurrence: 'FREQ=WEEKLY;BYDAY=FR;UNTIL=20270601',
        recur_from: 'schedule',
        body: 'due: 2026-11-27 18:00\n',
      },
    ]);
  });

  test('what was done stays done; what an occurrence has of its own is kept', () => {
    expect(called('Pay the rent', 'done')).toMatchObject([
      { late_from: '2026-10-31', recurrence: null },
    ]);
    expect(called('Pay the rent')).toMatchObject([
      {
        late_from: '2026-11-30',
        recurrence: 'FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1',
        body: 'priority on 2026-11-30: H\n',
        log: [{ text: 'the landlord has a new account' }],
      },
    ]);
  });

  test('with every occurrence done, it goes on where Taskwarrior would', () => {
    expect(called('Gym', 'done')).toHaveLength(3);
    expect(called('Gym')).toMatchObject([
      { late_from: '2026-11-30', recurrence: 'FREQ=DAILY;INTERVAL=3' },
    ]);
  });

  test('an object a line is the same, with commas or without', () => {
    const lines = EXPORT.split('\n').slice(1, -2);
    expect(inBerlin(lines.join('\n'))).toEqual({ records, problems });
    expect(inBerlin(lines.map((line) => line.replace(/,$/, '')).join('\r\n'))).toEqual({
      records,
      problems,
    });
    expect(inBerlin(`\uFEFF${EXPORT}`)).toEqual({ records, problems });
  });
});

describe('days are those of the zone', () => {
  test.each([
    ['Europe/Berlin', '20261223T230000Z', '2026-12-24', ''],
    ['Europe/Berlin', '20260630T220000Z', '2026-07-01', ''],
    ['America/New_York', '20261224T050000Z', '2026-12-24', ''],
    ['America/New_York', '20261223T230000Z', '2026-12-23', 'due: 2026-12-23 18:00\n'],
    ['Pacific/Kiritimati', '20261223T100000Z', '2026-12-24', ''],
    ['UTC', '20261224T000000Z', '2026-12-24', ''],
  ])('in %s %s is %s', (zone, due, day, body) => {
    const [task] = readTaskwarrior(JSON.stringify([{ ...TASK, due }]), 'f', zone).records;
    expect(task).toMatchObject({ late_from: day, body });
  });
});

describe('attributes', () => {
  test.each([
    ['H', 'orange', ''],
    ['M', 'white', 'priority: M\n'],
    ['L', 'blue', ''],
    ['constructor', 'white', 'priority: constructor\n'],
    [undefined, 'white', ''],
  ])('priority %s is %s', (priority, attention, body) => {
    expect(one({ priority })).toMatchObject({ attention, body });
  });

  test('a title over the limit is cut, and whole in the body', () => {
    const description = 'é'.repeat(1001);
    expect(one({ description })).toMatchObject({
      title: `${'é'.repeat(999)}…`,
      body: `${description}\n\n`,
    });
  });

  test('a task from before 2.6: waiting, and one text of dependencies', () => {
    expect(one({ status: 'waiting', depends: 'u-2,u-3' })).toMatchObject({
      state: 'outstanding',
      body: 'depends: u-2\ndepends: u-3\n',
    });
  });

  test('tags that are none here stay readable', () => {
    expect(one({ tags: ['two words', 'b'] })).toMatchObject({
      tags: ['two-words', 'b'],
      body: 'tags: two words, b\n',
    });
  });

  test.each([
    [{ status: 'recurring', recur: 'PT6H' }, 'cannot repeat a task every "PT6H"', 'recur: PT6H\n'],
    [{ due: 'tomorrow' }, 'cannot read "due" as a moment', 'due: tomorrow\n'],
  ])('%j is reported, and the task taken', (attributes, why, body) => {
    const read = inBerlin(JSON.stringify([{ ...TASK, ...attributes }]));
    expect(read.problems).toEqual([
      { place: 'tasks.json, record 1', why: `${why}: it is kept as a line of the body` },
    ]);
    expect(read.records).toMatchObject([{ recurrence: null, late_from: null, body }]);
  });
});

describe('damage', () => {
  test('an export that is cut off gives its place, and nothing', () => {
    const read = inBerlin(EXPORT.slice(0, 700));
    expect(read.records).toEqual([]);
    expect(read.problems).toEqual([
      {
        place: 'tasks.json, line 3, column 248',
        why: 'cannot read this as JSON: it is damaged or cut off here; nothing was taken of it',
      },
    ]);
  });

  test.each([
    ['{}', 'cannot take a task without "uuid"'],
    ['7', 'cannot take this as a task: it is not an object'],
    [{ ...TASK, description: 1 }, 'cannot take a task without "description"'],
    [{ ...TASK, entry: '2026-11-24' }, 'cannot take a task whose "entry" is no moment'],
    [{ ...TASK, entry: '20261399T000000Z' }, 'cannot take a task whose "entry" is no moment'],
    [{ ...TASK, status: 'toString' }, 'cannot take a task whose "status" is "toString"'],
    [{ ...TASK, uuid: 'good' }, 'cannot take the task good twice'],
    [
      { ...TASK, annotations: [{ entry: ENTRY, description: 'é'.repeat(40_000) }] },
      'cannot take a log entry of 80000 bytes: 65536 is the most',
    ],
  ])('%j among good ones is reported and left out', (bad, why) => {
    const [first, last] = [
      { ...TASK, uuid: 'good' },
      { ...TASK, uuid: 'last' },
    ];
    const json = typeof bad === 'string' ? bad : JSON.stringify(bad);
    const read = inBerlin(`[${JSON.stringify(first)},${json},${JSON.stringify(last)}]`);
    expect(read.problems).toEqual([{ place: 'tasks.json, record 2', why }]);
    expect(read.records).toEqual(
      [first, last].flatMap((task) => inBerlin(JSON.stringify([task])).records),
    );
  });

  test('a line that is damaged does not keep out the others', () => {
    const read = inBerlin(
      `${JSON.stringify(TASK)}\n{"uuid":\n${JSON.stringify({ ...TASK, uuid: 'u-2' })}`,
    );
    expect(read.records).toHaveLength(2);
    expect(read.problems).toEqual([
      { place: 'tasks.json, line 2', why: 'cannot read this line as JSON: it was left out' },
    ]);
  });

  test.each([
    ['', []],
    ['[]', []],
    ['"text"', ['tasks.json, line 1, column 1']],
  ])('%j gives no task', (text) => {
    expect(inBerlin(text).records).toEqual([]);
  });
});
