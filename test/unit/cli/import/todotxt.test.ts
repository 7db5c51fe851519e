import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { importId, UNKNOWN_MS } from '#cli/import/import-id.ts';
import { readTodotxt } from '#cli/import/todotxt.ts';
import { nodeRecord, type NodeRecord } from '#protocol/records.ts';

type Task = Extract<NodeRecord, { kind: 'task' }>;

const FILE = readFileSync('fixtures/import/todo.txt', 'utf8');
const noon = (day: string) => Date.parse(`${day}T12:00:00Z`);

function one(line: string): Task {
  const { records } = readTodotxt(line, 'todo.txt');
  expect(records).toHaveLength(1);
  return records[0] as Task;
}

describe('a whole file', () => {
  const { records, problems } = readTodotxt(FILE, 'todo.txt');

  test('is read into records that the protocol takes', () => {
    expect(records).toHaveLength(14);
    for (const record of records) expect(nodeRecord.parse(record)).toEqual(record);
    expect(problems).toEqual([
      { place: 'todo.txt:11', why: 'cannot take due:tomorrow as a date: it stays in the title' },
    ]);
  });

  test('twice is the same, also from Windows; no task has the id of another', () => {
    const again = readTodotxt(`\uFEFF${FILE.replaceAll('\n', '\r\n')}`, 'other.txt');
    expect(again.records).toEqual(records);
    expect(new Set(records.map((record) => record.node_id)).size).toBe(records.length);
  });
});

test('a line with everything', () => {
  const line =
    '(B) 2026-11-20 Service the car +car +money @garage t:2026-12-01 due:2026-12-15 rec:+1y';
  const source =
    'todotxt:2026-11-20:Service the car +car +money @garage t:2026-12-01 due:2026-12-15 rec:+1y:0';
  expect(one(line)).toEqual({
    kind: 'task',
    node_id: importId(source, noon('2026-11-20')),
    title: 'Service the car',
    created_at: noon('2026-11-20'),
    updated_at: noon('2026-11-20'),
    tags: ['garage', 'money'],
    body: '',
    log: [],
    tombstoned: false,
    state: 'outstanding',
    attention: 'orange',
    do_on: '2026-12-01',
    late_from: '2026-12-15',
    recurrence: 'FREQ=YEARLY',
    recur_from: 'schedule',
    project_id: null,
    project: 'car',
    key: null,
  });
});

test.each<[string, Partial<Task>]>([
  ['(A) a', { attention: 'red', body: '', title: 'a' }],
  ['(C) a', { attention: 'white', body: 'priority: C\n' }],
  ['(D) a', { attention: 'blue', body: 'priority: D\n' }],
  ['(Z) a', { attention: 'blue', body: 'priority: Z\n' }],
  ['a', { attention: 'white', body: '', created_at: UNKNOWN_MS }],
  ['a pri:B', { attention: 'orange', title: 'a' }],
  ['(a) b', { attention: 'white', title: '(a) b' }],
  ['(A)b', { attention: 'white', title: '(A)b' }],
  ['xylophone', { state: 'outstanding', title: 'xylophone' }],
  ['X a', { state: 'outstanding', title: 'X a' }],
  ['2026-02-30 a', { title: '2026-02-30 a', created_at: UNKNOWN_MS }],
  ['1969-12-31 a', { title: '1969-12-31 a', created_at: UNKNOWN_MS }],
  ['x 1969-12-31 a', { state: 'done', title: '1969-12-31 a', log: [] }],
  ['x a', { state: 'done', title: 'a', log: [] }],
  ['x (A) 2026-11-24 a', { state: 'done', title: 'a', attention: 'red' }],
  [
    'x 2026-11-24 a rec:1w',
    { state: 'done', recurrence: null, recur_from: 'schedule', body: 'rec: 1w\n' },
  ],
  ['@home a +p @work', { title: 'a', tags: ['home', 'work'], project: 'p' }],
  [
    'Call @mom about +house roof',
    { title: 'Call @mom about +house roof', tags: ['mom'], project: 'house' },
  ],
  ['@home +p', { title: '@home +p', tags: ['home'], project: 'p' }],
  ['mail a@b.org, 1+1, @ and +', { title: 'mail a@b.org, 1+1, @ and +', tags: [], project: null }],
  ['a http://b:c d:e', { title: 'a http://b:c d:e' }],
  ['a due:2026-01-01 due:2026-01-02', { title: 'a due:2026-01-02', late_from: '2026-01-01' }],
  ['a rec:1d', { recurrence: 'FREQ=DAILY', recur_from: 'done', title: 'a' }],
  ['a rec:2w', { recurrence: 'FREQ=WEEKLY;INTERVAL=2', recur_from: 'done' }],
  ['a rec:+3m', { recurrence: 'FREQ=MONTHLY;INTERVAL=3', recur_from: 'schedule' }],
  ['a rec:1b', { recurrence: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', recur_from: 'done' }],
  ['a\tb', { title: 'a b', body: 'a\tb\n' }],
])('%j', (line, task) => {
  expect(one(line)).toMatchObject(task);
});

test('a task that was done says when', () => {
  expect(one('x 2026-11-24 2026-11-20 a')).toMatchObject({
    created_at: noon('2026-11-20'),
    updated_at: noon('2026-11-24'),
    log: [{ at: noon('2026-11-24'), text: 'Completed in todo.txt.' }],
  });
});

test('a title over the limit is cut, and whole in the body', () => {
  const long = 'é'.repeat(1001);
  expect(one(`${long} @home`)).toMatchObject({
    title: `${'é'.repeat(999)}…`,
    body: `${long} @home\n`,
  });
});

describe('the id', () => {
  const idOf = (line: string) => one(line).node_id;

  test.each([
    ['(A) 2026-11-20 a @home', 'x 2026-11-24 2026-11-20 a @home pri:A'],
    ['(A) a', '(B) a'],
    ['(A) a', 'a'],
  ])('%j is later %j', (before, after) => {
    expect(idOf(after)).toBe(idOf(before));
  });

  test.each([
    ['a', 'b'],
    ['2026-11-20 a', 'a'],
    ['a @home', 'a @work'],
  ])('%j is not %j', (one_, other) => {
    expect(idOf(one_)).not.toBe(idOf(other));
  });

  test('counts how often the line was there before', () => {
    const { records } = readTodotxt('a\na\nb\na', 'f');
    expect(records.map((record) => record.node_id)).toEqual(
      [
        ['a', 0],
        ['a', 1],
        ['b', 0],
        ['a', 2],
      ].map(([text, n]) => importId(`todotxt::${text}:${n}`, null)),
    );
  });
});

test.each([
  ['a due:tomorrow', 'cannot take due:tomorrow as a date: it stays in the title'],
  ['a t:2026-02-30', 'cannot take t:2026-02-30 as a date: it stays in the title'],
  ['a rec:0d', 'cannot repeat a task by rec:0d: it stays in the title'],
  ['a rec:5b', 'cannot repeat a task by rec:5b: it stays in the title'],
  ['a rec:weekly', 'cannot repeat a task by rec:weekly: it stays in the title'],
])('%j is taken as it is, and reported', (line, why) => {
  const { records, problems } = readTodotxt(`\n${line}`, 'todo.txt');
  expect(records).toMatchObject([{ title: line, recurrence: null, late_from: null, do_on: null }]);
  expect(problems).toEqual([{ place: 'todo.txt:2', why }]);
});

test.each(['', '\n \n\r\n'])('%j gives no task', (text) => {
  expect(readTodotxt(text, 'f')).toEqual({ records: [], problems: [] });
});
