import { describe, expect, test } from 'vitest';
import { Core } from '../../../support/builders.ts';
import { Sandbox } from '../../../support/sandbox.ts';

/** Tasks of every kind, by what sets each apart. */
async function mixed(): Promise<Core> {
  const core = new Core();
  await core.call('project.add', { name: 'Home' });
  const { node_id: old } = await core.call('project.add', { name: 'Old' });
  await core.file('plain');
  await core.file('red', { attention: 'red', tags: ['x'] });
  await core.file('late', { late_on: 'yesterday', tags: ['x', 'y'] });
  await core.file('put off', { do_date: '+3d' });
  await core.file('due today', { do_date: 'today' });
  await core.file('at home', { project: 'Home' });
  await core.file('in old', { project: 'Old' });
  await core.file('keyed', { key: 'k' });
  const done = await core.file('done', { tags: ['x'] });
  await core.call('task.done', { ids: [done.node_id] });
  core.clock.advance(1000);
  const dropped = await core.file('dropped', { project: 'Home' });
  await core.call('task.drop', { ids: [dropped.node_id] });
  core.write({ node: old, field: 'archived', value: true });
  return core;
}

describe('a list', () => {
  test.each([
    [
      'is of the outstanding ones, most urgent first',
      {},
      ['red', 'late', 'due today', 'put off', 'plain', 'at home', 'keyed'],
    ],
    [
      'of all ends with the closed ones, newest first',
      { all: true },
      [
        'red',
        'late',
        'due today',
        'put off',
        'plain',
        'at home',
        'in old',
        'keyed',
        'dropped',
        'done',
      ],
    ],
    ['of a project', { project: 'home' }, ['at home']],
    ['of all of a project', { project: 'Home', all: true }, ['at home', 'dropped']],
    ['of an archived project that is named', { project: 'Old' }, ['in old']],
    ['by tag', { tag: 'x' }, ['red', 'late']],
    ['by tag, of all', { tag: 'x', all: true }, ['red', 'late', 'done']],
    ['by tag and attention', { tag: 'x', attention: 'white' }, ['late']],
    ['by state', { state: 'done' }, ['done']],
    ['by key', { key: 'k' }, ['keyed']],
    ['of what is due', { due: true }, ['red', 'late', 'due today', 'plain', 'at home', 'keyed']],
    ['of what nothing is like', { tag: 'none' }, []],
  ] as const)('%s', async (_, params, titles) => {
    await using core = await mixed();
    expect(core.list(params).map(({ title }) => title)).toEqual(titles);
  });

  test('of a project that is not there is an error, and not empty', async () => {
    await using core = new Core();
    expect(() => core.list({ project: 'Nowhere' })).toThrow('not_found');
  });

  test('leaves out what was deleted, even when asked for all', async () => {
    await using core = new Core();
    const { node_id: node } = await core.file('gone');
    core.write({ node, field: 'tombstoned', value: true });
    expect(core.list({ all: true })).toEqual([]);
  });
});

describe('a list by words', () => {
  test.each([
    ['in the title', 'paint', ['Paint the door']],
    ['in the context', 'blue$', ['Paint the door']],
    ['in the log', '^bought', ['Water']],
    ['in any letter case, of any script', 'ZÄHNE', ['Zähne putzen 😀']],
    ['by a property of letters', '\\p{Emoji_Presentation}', ['Zähne putzen 😀']],
    ['of one character that takes two units', 'putzen .$', ['Zähne putzen 😀']],
    ['that nothing has', 'none', []],
  ])('%s', async (_, grep, titles) => {
    await using core = new Core();
    await core.file('Paint the door', { context: 'in dark blue' });
    const { node_id: id } = await core.file('Water');
    await core.call('log.add', { id, text: 'bought a can' });
    await core.file('Zähne putzen 😀');
    expect(core.list({ grep }).map(({ title }) => title)).toEqual(titles);
  });

  test.each(['(', '[', '\\', '*', '(?<x'])('that are no pattern, %j, is an error', async (text) => {
    await using core = new Core();
    expect(await core.problem('task.list', { grep: text })).toEqual({
      code: 'bad_value',
      field: 'grep',
      text,
      allowed: 'a regular expression',
    });
  });

  test('that would take for ever is stopped, and the next list is answered', async () => {
    await using sandbox = await Sandbox.make();
    await using core = new Core({ path: sandbox.at('heph.db'), queryLimitMs: 3000 });
    await core.file(`${'a'.repeat(60)}!`);
    expect(await core.problem('task.list', { grep: '^(a+)+$' })).toEqual({
      code: 'timeout',
      method: 'task.list',
      limit_ms: 3000,
    });
    // Answered here: a worker that has just begun may take as long as the limit on a busy machine.
    expect(core.list()).toHaveLength(1);
    expect((await core.file('meanwhile')).created).toBe(true);
  });
});

describe('next', () => {
  test('says for each the tier it stands in, and what day it is', async () => {
    await using core = await mixed();
    const { today, rows } = await core.call('task.next', { limit: 10 });
    expect(today).toBe('2026-11-18');
    expect(rows.map(({ title, tier }) => [title, tier])).toEqual([
      ['red', 'red'],
      ['late', 'late'],
      ['due today', 'white'],
      ['plain', 'white'],
      ['at home', 'white'],
      ['keyed', 'white'],
    ]);
  });

  test('gives ten at the most when nobody says how many', async () => {
    await using core = await mixed();
    for (let i = 0; i < 9; i++) await core.file(`more ${i}`);
    expect((await core.call('task.next', {})).rows).toHaveLength(10);
  });

  test('follows the day', async () => {
    await using core = await mixed();
    core.clock.set('2026-11-21T00:00:00Z');
    const { rows } = await core.call('task.next', { limit: 10 });
    expect(rows.map(({ title }) => title)).toContain('put off');
  });
});

test('a day is a moment in the zone that the clock is in now', async () => {
  await using core = new Core();
  const { node_id: id } = await core.file('Travel', { do_date: '2026-12-01' });
  core.clock.midnightMs = (date) => Date.parse(`${date}T00:00:00+09:00`);
  expect(await core.call('task.show', { id })).toMatchObject({
    do_on: '2026-12-01',
    do_date: Date.parse('2026-11-30T15:00:00Z'),
  });
});
