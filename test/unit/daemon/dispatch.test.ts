import { describe, expect, test, vi } from 'vitest';
import { PROGRESS } from '#protocol/envelope.ts';
import { Core, silentPeer } from '../../support/builders.ts';
import { Sandbox } from '../../support/sandbox.ts';

const ask = async (core: Core, method: string, params?: unknown) =>
  JSON.parse(
    await core.dispatcher.dispatch({ jsonrpc: '2.0', id: 'x', method, params }, silentPeer()),
  );

test.each(['nothing', 'task', 'toString', '__proto__', 'TASK.NEXT'])(
  'the unknown method %j is refused by name',
  async (method) => {
    await using core = new Core();
    expect(await ask(core, method)).toEqual({
      jsonrpc: '2.0',
      id: 'x',
      error: { code: -32_601, message: 'unknown_method', data: { code: 'unknown_method', method } },
    });
  },
);

describe('bad params are refused, and the detail names what is wrong', () => {
  test.each([
    ['task.add', { title: 1, request_id: '12345678' }, /^title: /],
    ['task.add', { title: 'x', tags: ['a', 2], request_id: '12345678' }, /^tags\.1: /],
    ['task.add', { title: 'x' }, /^request_id: /],
    ['task.add', { title: 'x', request_id: 'short' }, /^request_id: /],
    ['task.add', undefined, /^title: /],
    ['task.next', { limit: 'many' }, /^limit: /],
    ['task.next', [], /./],
    ['task.next', 'text', /./],
    ['context.write', { id: 'ABCD', request_id: '12345678' }, /exactly one of append and body/],
  ])('%s %j', async (method, params, detail) => {
    await using core = new Core();
    const { error } = await ask(core, method, params);
    expect(error).toMatchObject({ code: -32_602, data: { code: 'bad_params', method } });
    expect(error.data.detail).toMatch(detail);
  });
});

test.each([
  ['absent', undefined],
  ['null', null],
  ['of more than is known', { limit: 1, colour: 'red' }],
])('params that are %s do, where nothing is needed', async (_, params) => {
  await using core = new Core();
  expect(await ask(core, 'task.next', params)).toMatchObject({ id: 'x', result: { rows: [] } });
});

test('a defect is an answer that says so, is reported, and changes nothing', async () => {
  await using core = new Core();
  core.db.exec('ALTER TABLE tags RENAME TO lost');
  const { error } = await ask(core, 'task.add', {
    title: 'x',
    tags: ['a'],
    request_id: '12345678',
  });
  expect(error).toMatchObject({
    code: -32_603,
    data: { code: 'internal', detail: expect.stringContaining('no such table') },
  });
  expect(core.internalErrors).toEqual([
    expect.objectContaining({ message: expect.stringContaining('no such table') }),
  ]);
  expect(core.db.prepare('SELECT count(*) FROM nodes').pluck().get()).toBe(0);
});

test('one in a long question is reported as well, with where it was', async () => {
  await using sandbox = await Sandbox.make();
  await using core = new Core({ path: sandbox.at('heph.db') });
  core.db.exec('ALTER TABLE tags RENAME TO lost');
  const { error } = await ask(core, 'task.list', {});
  expect(error?.data).toEqual({
    code: 'internal',
    detail: expect.stringContaining('no such table'),
  });
  expect(core.internalErrors).toEqual([
    expect.objectContaining({ stack: expect.stringMatching(/no such table[^]*\n +at /) }),
  ]);
});

test('one mutation has one moment, however the clock runs', async () => {
  await using core = new Core();
  const now = core.clock.nowMs.bind(core.clock);
  let calls = 0;
  core.world.clock.nowMs = () => now() + calls++;
  const row = await core.file('x', { tags: ['a'], context: 'b' });
  expect(row.updated_at).toBe(row.created_at);
  expect((await core.call('project.add', { name: 'P' })).created_at).toBeGreaterThan(
    row.created_at,
  );
});

test('a long question says that it is at work, and is told who has gone', async () => {
  await using core = new Core();
  const answer = Promise.withResolvers<string>();
  const run = vi.spyOn(core.longQueries, 'run').mockReturnValue(answer.promise);
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const told: string[] = [];
  const peer = silentPeer((notification) => told.push(notification));
  const request = { jsonrpc: '2.0' as const, id: 1, method: 'task.list', params: {} };
  const asked = core.dispatcher.dispatch(request, peer);
  await vi.advanceTimersByTimeAsync(2000);
  vi.useRealTimers();
  expect(told).toEqual([PROGRESS]);
  expect(run).toHaveBeenCalledWith('task.list', {}, peer.gone);
  answer.resolve('{}');
  expect(JSON.parse(await asked)).toHaveProperty('result');
});
