import { expect, test } from 'vitest';
import { read } from '#daemon/dispatch.ts';
import { successLine, type Request } from '#protocol/envelope.ts';
import { METHODS, type MethodName } from '#protocol/methods.ts';
import { Core, silentPeer } from '../../support/builders.ts';
import { Sandbox } from '../../support/sandbox.ts';

const RECORD = {
  kind: 'doc',
  node_id: '01M7Q8ECG0ZZZZZZZZZZZZZZZZ',
  title: 'From elsewhere',
  created_at: 1_795_003_200_000,
  updated_at: 1_795_003_200_000,
  tags: [],
  body: 'See [[Boiler]].\n',
  log: [],
  tombstoned: false,
};

/**
 * One request a method, in an order in which each finds what it asks for. What
 * is in capitals stands for an answer before: an id, or the sandbox.
 */
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
  ['task.show', { id: 'TASK' }],
  ['task.edit', { id: 'TASK', do_date: 'tomorrow', recur: 'daily', tags: [] }],
  ['task.skip', { ids: ['TASK'] }],
  ['context.write', { id: 'TASK', append: 'Not before Friday.' }],
  ['context.read', { id: 'TASK' }],
  ['log.add', { id: 'TASK', text: 'Called, no answer.' }],
  ['log.list', { id: 'TASK' }],
  ['task.done', { ids: ['TASK'] }],
  ['task.drop', { ids: ['TASK'] }],
  ['doc.new', { title: 'Boiler', body: 'Serviced by [[Jo]] in [[Home]].\n' }],
  ['doc.list', {}],
  ['doc.edit', { id: 'Boiler', append: 'Pressure: 1.5 bar' }],
  ['doc.show', { id: 'Boiler' }],
  ['link.list', { id: 'DOC' }],
  ['link.back', { id: 'PROJECT' }],
  ['project.rename', { id: 'Home', name: 'House' }],
  ['project.list', {}],
  ['project.archive', { id: 'House' }],
  ['tag.add', { id: 'DOC', tags: ['heating'] }],
  ['tag.list', {}],
  ['tag.remove', { id: 'DOC', tags: ['heating'] }],
  ['doc.rename', { id: 'Boiler', title: 'The boiler' }],
  ['journal.write', { append: 'Talked to Jo.' }],
  ['journal.read', { date: 'today' }],
  ['search', { query: 'boil* -rent' }],
  ['complete', { what: 'doc', prefix: 'the' }],
  ['node.delete', { ids: ['DOC'] }],
  ['history.undo', {}],
  ['history.list', { limit: 1 }],
  ['history.watch', {}],
  ['import.begin', {}],
  ['import.stage', { import_id: 'IMPORT', part: 0, records: [RECORD] }],
  ['import.commit', { import_id: 'IMPORT' }],
  ['export.begin', {}],
  ['export.page', { export_id: 'EXPORT' }],
  ['store.check', {}],
  ['store.backup', { path: 'FOLDER/backup.db' }],
  ['store.restore', { path: 'FOLDER/backup.db' }],
  ['update.check', {}],
  ['update.start', {}],
  ['update.rollback', {}],
];

/** Whoever really asks a feed leaves, and another version answers from then on. */
const updater = {
  check: async () => ({
    running: '0.1.0',
    newer: '1.0.0',
    by_hand_only: 'it is a new major version',
  }),
  start: async () => ({ from: '0.1.0', to: '1.0.0' }),
  rollback: async () => ({ from: '0.1.0', to: '0.0.9' }),
};

/** Which field of an answer is meant later by which word. */
const NAMED: Partial<Record<MethodName, [word: string, field: string]>> = {
  'task.add': ['TASK', 'node_id'],
  'doc.new': ['DOC', 'node_id'],
  'project.add': ['PROJECT', 'node_id'],
  'import.begin': ['IMPORT', 'import_id'],
  'export.begin': ['EXPORT', 'export_id'],
};

test('every method has a recorded exchange, and the daemon still answers so', async () => {
  await using sandbox = await Sandbox.make();
  await using core = new Core({ path: sandbox.at('heph.db'), updater: async () => updater });
  const words = new Map([['FOLDER', sandbox.path]]);
  for (const [i, [method, given]] of REQUESTS.entries()) {
    const isChange = 'mutates' in METHODS[method];
    const params = {
      ...(fill(given, words) as object),
      ...(isChange ? { request_id: `recorded-${i}` } : {}),
    };
    const request = { jsonrpc: '2.0' as const, id: i + 1, method, params };
    const reply = JSON.parse(await answer(core, request)) as { result: Record<string, unknown> };
    expect(reply, JSON.stringify(reply)).toHaveProperty('result');
    // The last page is empty; until it is asked for, the store is being read.
    if (method === 'export.page') read(core.world, method, params);
    // Parsed strictly: nothing is said that the table does not name.
    expect(METHODS[method].result.parse(reply.result), method).toEqual(reply.result);
    const [word, field] = NAMED[method] ?? ['', ''];
    if (word !== '') words.set(word, String(reply.result[field]));
    const exchange = JSON.stringify({ request, reply }, null, 2)
      .replaceAll(sandbox.path, '/FOLDER')
      .replace(/"bytes": \d+/, '"bytes": 1');
    await expect(`${exchange}\n`).toMatchFileSnapshot(`../../../fixtures/rpc/${method}.json`);
  }
  expect(core.internalErrors).toEqual([]);
  expect(REQUESTS.map(([method]) => method).toSorted()).toEqual(Object.keys(METHODS).toSorted());
});

function fill(value: unknown, words: ReadonlyMap<string, string>): unknown {
  return JSON.parse(
    JSON.stringify(value).replaceAll(/\b[A-Z]{3,}\b/g, (word) => words.get(word) ?? word),
  );
}

/** What runs in the worker there is answered here, on the same clock as the rest. */
async function answer(core: Core, request: Request): Promise<string> {
  const method = request.method as MethodName;
  if (!('long' in METHODS[method])) return core.dispatcher.dispatch(request, silentPeer());
  return successLine(request.id, JSON.stringify(read(core.world, method, request.params)));
}
