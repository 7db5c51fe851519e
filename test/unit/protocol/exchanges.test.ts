import { expect, test } from 'vitest';
import { read } from '#daemon/dispatch.ts';
import { successLine } from '#protocol/envelope.ts';
import { METHODS, type MethodName } from '#protocol/methods.ts';
import { Core } from '../../support/builders.ts';

/** One request a method, in an order in which each finds what it asks for. */
const REQUESTS: [MethodName, Record<string, unknown>][] = [
  ['project.add', { name: 'Home' }],
  [
    'task.add',
    {
      title: 'Pay the rent',
      project: 'Home',
      late_on: '+2d',
      attention: 'orange',
      tags: ['money'],
      context: 'By transfer.\n',
    },
  ],
  ['task.next', { limit: 3, short_ids: true }],
  ['task.list', { project: 'Home' }],
  ['task.show', { id: 'ID' }],
  ['task.edit', { id: 'ID', do_date: 'tomorrow', tags: [] }],
  ['context.write', { id: 'ID', append: 'Not before Friday.' }],
  ['context.read', { id: 'ID' }],
  ['task.done', { ids: ['ID'] }],
  ['task.drop', { ids: ['ID'] }],
  ['project.list', {}],
  ['store.check', {}],
];

test('every method has a recorded exchange, and the daemon still answers so', async () => {
  await using core = new Core();
  let task = '';
  for (const [i, [method, given]] of REQUESTS.entries()) {
    const filled = JSON.parse(
      JSON.stringify(given).replaceAll('"ID"', JSON.stringify(task)),
    ) as object;
    const isChange = 'mutates' in METHODS[method];
    const params = isChange ? { ...filled, request_id: `recorded-${i}` } : filled;
    const request = { jsonrpc: '2.0' as const, id: i + 1, method, params };
    const reply = await answer(core, request);
    if (method === 'task.add')
      task = (JSON.parse(reply) as { result: { node_id: string } }).result.node_id;
    const exchange = `${JSON.stringify({ request, reply: JSON.parse(reply) as unknown }, null, 2)}\n`;
    await expect(exchange).toMatchFileSnapshot(`../../../fixtures/rpc/${method}.json`);
  }
  expect(REQUESTS.map(([method]) => method).toSorted()).toEqual(Object.keys(METHODS).toSorted());
});

/** What runs in the worker there is answered here, on the same clock as the rest. */
async function answer(
  core: Core,
  request: Parameters<Core['dispatcher']['dispatch']>[0],
): Promise<string> {
  const method = request.method as MethodName;
  if (!('long' in METHODS[method])) return core.dispatcher.dispatch(request);
  return successLine(request.id, JSON.stringify(read(core.world, method, request.params)));
}
