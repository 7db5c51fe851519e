import { describe, expect, test } from 'vitest';
import { HephError } from '#core/errors.ts';
import { hlcMs } from '#core/hlc.ts';
import { applySplice } from '#core/splice.ts';
import type { Database } from '#store/sqlite.ts';
import { Core, dump } from '../../support/builders.ts';
import { Sandbox } from '../../support/sandbox.ts';

interface Entry {
  tx: number;
  field: string;
  value: string | null;
  back: string | null;
}

const entries = (db: Database) =>
  db.prepare('SELECT tx, field, value, back FROM changes ORDER BY seq').all() as Entry[];
const moments = (db: Database) =>
  db.prepare('SELECT hlc FROM transactions ORDER BY tx').pluck().all() as string[];

describe('every mutation is one transaction of the log', () => {
  test('with an entry for each field it set', async () => {
    await using core = new Core();
    const { node_id: project } = await core.call('project.add', { name: 'Home' });
    await core.call(
      'task.add',
      {
        title: 'Paint',
        project: 'Home',
        do_date: '2026-12-01',
        late_on: '2026-12-24',
        attention: 'red',
        tags: ['diy'],
        key: 'k',
        context: 'blue',
      },
      'a-request',
    );
    expect(
      entries(core.db)
        .filter(({ tx }) => tx === 2)
        .map(({ field, value }) => [field, value]),
    ).toEqual([
      ['created', JSON.stringify({ kind: 'task', at_ms: core.clock.nowMs() })],
      ['title', '"Paint"'],
      ['attention', '"red"'],
      ['do_on', '"2026-12-01"'],
      ['late_from', '"2026-12-24"'],
      ['project', JSON.stringify(project)],
      ['key', '"k"'],
      ['tag:diy', 'true'],
      ['body', null],
    ]);
    expect(
      core.db.prepare('SELECT origin, request_id, method FROM transactions WHERE tx = 2').get(),
    ).toEqual({
      origin: core.db.prepare(`SELECT value FROM meta WHERE name = 'origin'`).pluck().get(),
      request_id: 'a-request',
      method: 'task.add',
    });
  });

  test.each([
    [
      'task.edit',
      { id: 'X', title: 'Paint', attention: 'white', tags: ['diy'], do_date: null, context: '' },
    ],
    ['task.done', { ids: ['X', 'X'] }],
    ['context.write', { id: 'X', body: '' }],
    ['project.add', { name: 'home' }],
  ] as const)('and one that changes nothing, by %s, is no transaction', async (method, params) => {
    await using core = new Core();
    await core.call('project.add', { name: 'Home' });
    const { node_id: id } = await core.file('Paint', { tags: ['diy'] });
    if (method === 'task.done') await core.call('task.done', { ids: [id] });
    const before = dump(core.db);
    core.clock.advance(1000);
    await core.call(method, JSON.parse(JSON.stringify(params).replaceAll('"X"', `"${id}"`)));
    expect(dump(core.db)).toEqual(before);
  });
});

describe('the clock of the log', () => {
  test('rises though the wall clock stands still and goes back', async () => {
    await using core = new Core();
    await core.file('one');
    await core.file('two');
    core.clock.advance(-3_600_000);
    await core.file('three');
    core.clock.advance(7_200_000);
    await core.file('four');
    const found = moments(core.db);
    expect(found).toEqual([...new Set(found)].toSorted());
    expect(found).toHaveLength(4);
    expect(hlcMs(found[3] ?? '')).toBe(core.clock.nowMs());
  });

  test('goes on from where it was when the store is opened again', async () => {
    await using sandbox = await Sandbox.make();
    const path = sandbox.at('heph.db');
    {
      await using core = new Core({ path });
      core.clock.set('2030-01-01T00:00:00Z');
      await core.file('one');
    }
    await using core = new Core({
      path,
      newId: (clock) => () => `01ZZZZZZZZZZZZZZZZZZZ${clock.nowMs() % 100_000}`,
    });
    await core.file('two');
    const [first = '', second = ''] = moments(core.db);
    expect(second > first).toBe(true);
  });
});

describe('a body', () => {
  const long = 'One line of a long note.\n'.repeat(200_000);

  test('is kept once: editing 5 MB costs what was edited', async () => {
    await using core = new Core();
    const { node_id: id } = await core.file('Note', { context: long });
    const sizes = () =>
      core.db
        .prepare(
          `SELECT (SELECT sum(length(coalesce(value, '')) + length(coalesce(back, ''))) FROM changes) + (SELECT sum(length(result)) FROM requests)`,
        )
        .pluck()
        .get() as number;
    const before = sizes();
    await core.call('context.write', { id, append: 'one more' });
    await core.call('context.write', {
      id,
      body: `${long.replace('long note', 'very long note')}one more\n`,
    });
    expect(sizes() - before).toBeLessThan(2000);
  });

  test('as it was before can be had from the log, entry by entry', async () => {
    await using core = new Core();
    const versions = ['first 😀', 'first 😁\n', '', 'quite other 日本', 'quite 日本'];
    const { node_id: id } = await core.file('Note');
    for (const body of versions) await core.call('context.write', { id, body });
    let { body } = await core.call('context.read', { id });
    for (const expected of ['quite other 日本', '', 'first 😁\n', 'first 😀', '']) {
      const back = entries(core.db)
        .filter(({ field }) => field === 'body')
        .map((entry) => entry.back ?? '');
      body = applySplice(body, JSON.parse(back[versions.length - 1] ?? '{}'));
      versions.pop();
      expect(body).toBe(expected);
    }
  });
});

describe('a mutation that fails', () => {
  test.each([
    ['by a rule', new HephError({ code: 'conflict', ref: 'X' })],
    ['by a defect', new TypeError('undefined is not a function')],
  ])('%s changes nothing, and the next one works', async (_, error) => {
    await using core = new Core();
    const { node_id: node } = await core.file('Kept');
    const before = dump(core.db);
    const request = {
      requestId: 'request-1',
      method: 'test',
      fingerprint: 'f',
      nowMs: core.clock.nowMs(),
    };
    expect(() =>
      core.store.changes.mutate(request, (write) => {
        write({ node, field: 'title', value: 'Half' });
        write({ node, field: 'body', value: 'half' });
        throw error;
      }),
    ).toThrow(error);
    expect(dump(core.db)).toEqual(before);
    expect(core.store.changes.mutate(request, () => 'asked again')).toBe('"asked again"');
  });
});

describe('a request id', () => {
  test('asked again is answered as it was answered first, and done once', async () => {
    await using core = new Core();
    const first = await core.call('task.add', { title: 'Once' }, 'request-1');
    core.clock.advance(60_000);
    await core.call('task.done', { ids: [first.node_id] });
    expect(await core.call('task.add', { title: 'Once' }, 'request-1')).toEqual(first);
    expect(core.list({ all: true })).toHaveLength(1);
  });

  test('is remembered by a daemon that was started since', async () => {
    await using sandbox = await Sandbox.make();
    const path = sandbox.at('heph.db');
    const add = async () => {
      await using core = new Core({ path });
      return await core.call('task.add', { title: 'Once' }, 'request-1');
    };
    expect(await add()).toEqual(await add());
  });

  test.each([
    ['other params', 'task.add', { title: 'Twice' }],
    ['another method', 'project.add', { name: 'Once' }],
  ] as const)('with %s is refused', async (_, method, params) => {
    await using core = new Core();
    await core.call('task.add', { title: 'Once' }, 'request-1');
    expect(await core.problem(method, params as never, 'request-1')).toEqual({
      code: 'request_reused',
      request_id: 'request-1',
    });
    expect(core.list()).toHaveLength(1);
  });

  test('of a request that was refused may be used again', async () => {
    await using core = new Core();
    expect(await core.problem('task.add', { title: '' }, 'request-1')).toMatchObject({
      code: 'bad_value',
    });
    expect(await core.problem('task.add', { title: 'Once' }, 'request-1')).toBeNull();
  });

  test('is forgotten after a day, so that answers do not pile up', async () => {
    await using core = new Core();
    await core.file('old');
    core.clock.advance(24 * 3_600_000 + 1);
    await core.file('new');
    expect(core.db.prepare('SELECT count(*) FROM requests').pluck().get()).toBe(1);
  });
});
