import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { read } from '#daemon/dispatch.ts';
import { METHODS, type MethodName } from '#protocol/methods.ts';
import type { Database } from '#store/sqlite.ts';
import { Core } from '../../support/builders.ts';
import { Sandbox } from '../../support/sandbox.ts';

/** What walks a table or an index from one end, and why it may. */
const MAY_SCAN: Partial<Record<MethodName, { [plan: string]: string }>> = {
  'task.list': {
    'SCAN n': 'asked for all tasks, it reads all; it runs apart from the rest',
    'SCAN t': 'of one attention, with the closed ones: all are looked at, apart from the rest',
    'SCAN t USING INDEX tasks_by_attention': 'of all outstanding ones: that index has only these',
  },
  'project.list': { 'SCAN n': 'it lists all, and runs apart from the rest' },
  'tag.list': { 'SCAN g USING COVERING INDEX tags_by_tag': 'it counts all, apart from the rest' },
  'history.list': { 'SCAN t': 'in the order of the key, from the newest, up to the limit' },
  'history.undo': { 'SCAN t': 'in the order of the key, from the newest, up to the first' },
};

/** What is about whole files, and asks nothing of the tables. */
const OF_FILES: ReadonlySet<MethodName> = new Set(['store.backup', 'store.restore', 'store.check']);

/** Several requests a method, so that each of its statements is used. */
function requests(ids: Record<'task' | 'daily' | 'doc' | 'project', string>): {
  [M in MethodName]?: readonly object[];
} {
  const { task, daily, doc, project } = ids;
  const date = 'tomorrow';
  return {
    'task.next': [{ short_ids: true }],
    'task.list': [
      { short_ids: true },
      { all: true, grep: 'x' },
      { project: 'Home' },
      { project: 'Home', all: true },
      { tag: 'a' },
      { tag: 'a', all: true },
      { attention: 'red' },
      { attention: 'red', all: true },
      { state: 'outstanding' },
      { state: 'done' },
      { key: 'k' },
      { key: 'k', all: true },
      { due: true },
    ],
    'task.show': [{ id: task }, { id: task.slice(-6) }],
    'task.add': [
      {
        title: 'Home',
        key: 'k',
        project: 'Home',
        tags: ['b'],
        context: '[[Home]]',
        recur: 'daily',
      },
      { title: 'new', late_on: date, key: 'k2' },
    ],
    'task.edit': [
      { id: task, title: 'Doc', project, key: null, tags: ['c'], context: 'x', attention: 'red' },
    ],
    'task.done': [{ ids: [task, daily] }],
    'task.drop': [{ ids: [task] }],
    'task.skip': [{ ids: [daily] }],
    'node.delete': [{ ids: [task, doc, project] }],
    'context.read': [{ id: task }],
    'context.write': [{ id: task, append: '[[Doc]]' }],
    'log.list': [{ id: task }],
    'log.add': [{ id: task, text: 'x' }],
    'project.list': [{}],
    'project.add': [{ name: 'Home' }, { name: 'Garden' }],
    'project.rename': [{ id: 'Home', name: 'House' }],
    'project.archive': [{ id: project }],
    'tag.list': [{}],
    'tag.add': [{ id: task, tags: ['d'] }],
    'tag.remove': [{ id: task, tags: ['a'] }],
    'doc.list': [{ short_ids: true }],
    'doc.new': [{ title: 'Home', body: '[[Doc]]' }],
    'doc.show': [{ id: 'Doc' }, { id: doc }],
    'doc.edit': [{ id: 'Doc', body: '[[Paint]]' }],
    'doc.rename': [{ id: 'Doc', title: 'Paint' }],
    'journal.read': [{}],
    'journal.write': [{ append: 'x' }, { append: 'x', date }],
    'link.list': [{ id: 'Doc' }],
    'link.back': [{ id: 'Doc' }],
    search: [{ query: 'paint', short_ids: true }],
    complete: ['task', 'doc', 'project', 'tag', 'key'].map((what) => ({ what, prefix: '' })),
    'history.list': [{}, { id: task }],
    'history.undo': [{}],
    'history.watch': [{ since: 0 }],
    'export.begin': [{}],
  };
}

let sandbox: Sandbox;
let ids: Parameters<typeof requests>[0];

beforeAll(async () => {
  sandbox = await Sandbox.make();
  await using core = new Core({ path: sandbox.at('heph.db') });
  const { node_id: project } = await core.call('project.add', { name: 'Home' });
  const paint = { project: 'Home', key: 'k', tags: ['a'], context: 'see [[Doc]], [[Home]]' };
  const { node_id: task } = await core.file('Paint', paint);
  const { node_id: daily } = await core.file('Water', { recur: 'daily' });
  const { node_id: doc } = await core.call('doc.new', { title: 'Doc', body: '[[Paint]] [[Doc]]' });
  await core.call('journal.write', { append: '[[Doc]]' });
  await core.call('log.add', { id: task, text: 'paint' });
  const { node_id: closed } = await core.file('Closed');
  await core.call('task.done', { ids: [closed] });
  // The newest changes a body, so that undoing it does.
  await core.call('context.write', { id: doc, append: 'more' });
  ids = { project, task, daily, doc };
});
afterAll(() => sandbox[Symbol.asyncDispose]());

/** A store like the one that was made, as of when it was made, whose statements are heard. */
async function openHeard(heard: Set<string>): Promise<Core> {
  const copy = sandbox.at(`${heard.size}-${Math.random()}.db`);
  {
    await using made = new Core({ path: sandbox.at('heph.db') });
    made.db.exec(`VACUUM INTO '${copy}'`);
  }
  const core = new Core({ path: copy });
  core.clock.advance(60_000);
  const prepare = core.db.prepare.bind(core.db);
  core.db.prepare = (sql) => {
    heard.add(sql);
    return prepare(sql);
  };
  return core;
}

async function ask(core: Core, method: MethodName, params: object): Promise<void> {
  // What is long is asked here, and not in a worker, which nobody hears.
  if ('long' in METHODS[method]) read(core.world, method, params);
  else await core.call(method, params);
  await nextTurn();
}

/** How SQLite would go about a statement, line by line. */
function planOf(db: Database, sql: string): string[] {
  if (!/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)/.test(sql)) return [];
  const bare = sql.replaceAll(/'[^']*'/g, '');
  const named = Object.fromEntries([...bare.matchAll(/@(\w+)/g)].map(([, name]) => [name, null]));
  const others = [...bare.matchAll(/\?/g)].map(() => null);
  const params = Object.keys(named).length > 0 ? [named] : others;
  const rows = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...params);
  return rows.map((row) => (row as { detail: string }).detail);
}

/** Reads a table or an index from end to end, or makes an index to be spared that. */
const isScan = (line: string) =>
  (line.startsWith('SCAN ') && !/^SCAN (CONSTANT ROW|\(|search |json_each )/.test(line)) ||
  line.includes('AUTOMATIC');

const asked = Object.keys(METHODS).filter(
  (name) => !OF_FILES.has(name as MethodName) && !/^(import|export|update)\./.test(name),
) as MethodName[];

test.each(asked)('%s reads no table from end to end but those it must', async (method) => {
  const heard = new Set<string>();
  for (const params of requests(ids)[method] ?? []) {
    await using core = await openHeard(heard);
    await ask(core, method, params);
  }
  expect(heard.size).toBeGreaterThan(0);
  await using core = await openHeard(new Set());
  const scans = new Set([...heard].flatMap((sql) => planOf(core.db, sql)).filter(isScan));
  expect([...scans].toSorted()).toEqual(Object.keys(MAY_SCAN[method] ?? {}).toSorted());
});
