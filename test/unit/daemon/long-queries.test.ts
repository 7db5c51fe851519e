import { fork, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Change } from '#core/change.ts';
import type { HephError, Problem } from '#core/errors.ts';
import { LongQueries } from '#daemon/long-queries.ts';
import { inProcess, type ReaderKind } from '#daemon/readers.ts';
import { openStore } from '#store/open.ts';
import { Core } from '../../support/builders.ts';
import { Sandbox } from '../../support/sandbox.ts';

let sandbox: Sandbox;
let path: string;
/** Long enough for a worker to start, on this machine as busy as it is now. */
let limitMs: number;

beforeAll(async () => {
  await using folder = await Sandbox.make();
  await using core = new Core({ path: folder.at('heph.db') });
  const before = performance.now();
  await core.longQueries.run('task.list', {});
  limitMs = Math.ceil(Math.max(2000, 8 * (performance.now() - before)));
});
beforeEach(async () => {
  sandbox = await Sandbox.make();
  path = sandbox.at('heph.db');
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const titles = (json: string) =>
  (JSON.parse(json) as { rows: { title: string }[] }).rows.map(({ title }) => title);
const problemOf = (query: Promise<unknown>): Promise<Problem | null> =>
  query.then(
    () => null,
    (error: HephError) => error.problem,
  );

/** Tags that never end: whoever reads a task's waits for ever. */
function makeEndless(core: Core): void {
  core.db.exec(`
    ALTER TABLE tags RENAME TO kept;
    CREATE VIEW tags AS
      WITH RECURSIVE endless (x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM endless) SELECT -x AS n, '' AS tag FROM endless`);
}

function manyTasks(core: Core, count: number): Change[] {
  return Array.from({ length: count }, () => core.newId()).flatMap((node): Change[] => [
    { node, field: 'created', value: { kind: 'task', at_ms: core.clock.nowMs() } },
    { node, field: 'title', value: node },
  ]);
}

function makeEnding(core: Core): void {
  core.db.exec('DROP VIEW tags; ALTER TABLE kept RENAME TO tags');
}

test('a query sees what was acknowledged before it', async () => {
  await using core = new Core({ path });
  for (const title of ['one', 'two', 'three']) {
    await core.file(title);
    expect((await core.call('task.list', {})).rows.at(-1)?.title).toBe(title);
  }
});

test('what is wrong with a query is told as it is told by the daemon itself', async () => {
  await using core = new Core({ path });
  expect(await core.problem('task.list', { project: 'Nowhere' })).toEqual({
    code: 'not_found',
    kind: 'project',
    ref: 'Nowhere',
  });
});

test('a query that takes too long is stopped, others are answered meanwhile, and the next one runs', async () => {
  await using core = new Core({ path, queryLimitMs: limitMs });
  core.longQueries.warm();
  await core.file('one');
  makeEndless(core);
  const slow = core.problem('task.list', {});
  const queued = core.call('task.list', {});
  const answered: string[] = [];
  void slow.then(() => answered.push('slow'));
  await core.call('project.add', { name: 'meanwhile' });
  answered.push('quick');
  expect(await slow).toEqual({ code: 'timeout', method: 'task.list', limit_ms: limitMs });
  makeEnding(core);
  expect((await queued).rows.map(({ title }) => title)).toEqual(['one']);
  expect(answered).toEqual(['quick', 'slow']);
});

test('an answer that comes too late is not taken for the next one', async () => {
  await using core = new Core({ path, queryLimitMs: limitMs });
  await core.file('two', { tags: ['x'] });
  // Enough that its answer is still being made when this thread stops listening.
  core.write(...manyTasks(core, 5000));
  await core.longQueries.run('task.list', {});
  const late = problemOf(core.longQueries.run('task.list', {}));
  const next = core.longQueries.run('task.list', { tag: 'x' });
  // This thread is busy until the time is up; the answer lies waiting.
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, limitMs + 100));
  expect(await late).toMatchObject({ code: 'timeout' });
  expect(titles(await next)).toEqual(['two']);
});

describe('when the daemon leaves', () => {
  test('every query that waits is told so', async () => {
    await using core = new Core({ path });
    await core.file('one');
    makeEndless(core);
    const waiting = [1, 2, 3].map(() => problemOf(core.longQueries.run('task.list', {})));
    await core.longQueries[Symbol.asyncDispose]();
    expect(await Promise.all(waiting)).toEqual([
      { code: 'draining' },
      { code: 'draining' },
      { code: 'draining' },
    ]);
  });

  test('what is asked then is not begun', async () => {
    await using core = new Core({ path });
    await core.longQueries[Symbol.asyncDispose]();
    expect(await problemOf(core.longQueries.run('task.list', {}))).toEqual({ code: 'draining' });
  });

  test('and none ever ran, nothing is waited for', async () => {
    const queries = new LongQueries({ dbPath: sandbox.at('none'), followsZone: false }, limitMs);
    await queries[Symbol.asyncDispose]();
  });
});

test('whoever has gone is not answered, and nobody waits for what they asked', async () => {
  await using core = new Core({ path, queryLimitMs: 600_000 });
  await core.file('one');
  makeEndless(core);
  const leaving = new AbortController();
  const [first, second] = ['first', 'second'].map(() =>
    problemOf(core.longQueries.run('task.list', {}, leaving.signal)),
  );
  leaving.abort();
  expect(await second).toEqual({ code: 'draining' });
  expect(await first).toMatchObject({ code: 'timeout' });
  expect(await problemOf(core.longQueries.run('task.list', {}, leaving.signal))).toEqual({
    code: 'draining',
  });
  makeEnding(core);
  expect(titles(await core.longQueries.run('task.list', {}))).toEqual(['one']);
});

describe('in a process', () => {
  const inOne = () =>
    new LongQueries({ dbPath: path, followsZone: false }, 600_000, inProcess(process.pid));

  test('it answers as in a thread, and says what is wrong', async () => {
    await using core = new Core({ path });
    await core.file('one');
    await using queries = inOne();
    expect(titles(await queries.run('task.list', {}))).toEqual(['one']);
    expect(await problemOf(queries.run('task.list', { project: 'Nowhere' }))).toMatchObject({
      code: 'not_found',
    });
  });

  test('one that cannot start says why, and the next one may', async () => {
    await using queries = inOne();
    await expect(queries.run('task.list', {})).rejects.toThrow(`cannot open the store ${path}`);
    openStore(path).close();
    expect(titles(await queries.run('task.list', {}))).toEqual([]);
  });

  // Of a store of 1,000,000 tasks a check takes many seconds, in which SQLite hears nothing.
  test('what SQLite does in one step is not waited for', async () => {
    await using core = new Core({ path });
    await core.file('one');
    core.db.exec(`
      ALTER TABLE tags RENAME TO kept;
      CREATE VIEW tags AS WITH RECURSIVE endless (x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM endless)
        SELECT count(*) AS n, '' AS tag FROM endless`);
    await using queries = inOne();
    await queries.run('project.list', {});
    const asked = problemOf(queries.run('task.list', {}));
    // Begun by then on most machines; where it is not, this shows less.
    await sleep(300);
    await queries[Symbol.asyncDispose]();
    expect(await asked).toEqual({ code: 'draining' });
  });
});

test('where no reader can be started, each is told, and nothing stays behind', async () => {
  const none: ReaderKind = {
    keptMs: null,
    start: () => {
      throw new Error('too many open files');
    },
  };
  await using queries = new LongQueries({ dbPath: path, followsZone: false }, 600_000, none);
  const asked = [1, 2].map(() => queries.run('task.list', {}));
  for (const { status } of await Promise.allSettled(asked)) expect(status).toBe('rejected');
});

test('in place of a reader that was stopped another one is ready', async () => {
  vi.useFakeTimers();
  let starts = 0;
  const start: ReaderKind['start'] = () => {
    starts++;
    return { ask: () => undefined, end: async () => undefined };
  };
  const asked = problemOf(
    new LongQueries({ dbPath: path, followsZone: false }, 1000, { keptMs: null, start }).run(
      'task.list',
      {},
    ),
  );
  await vi.advanceTimersByTimeAsync(1000);
  vi.useRealTimers();
  expect(await asked).toMatchObject({ code: 'timeout' });
  expect(starts).toBe(2);
});

test.each([
  [90_000, 1],
  [null, 0],
])(
  'a reader that is kept for %s ms is ended so often when nobody asks it: %d',
  async (keptMs, times) => {
    vi.useFakeTimers();
    let ends = 0;
    const kind: ReaderKind = {
      keptMs,
      start: (_, { onAnswer }) => ({
        ask: () => onAnswer({ json: '{}' }),
        end: async () => void ends++,
      }),
    };
    const queries = new LongQueries({ dbPath: path, followsZone: false }, 600_000, kind);
    for (let i = 0; i < 3; i++) {
      await queries.run('task.list', {});
      await vi.advanceTimersByTimeAsync(80_000);
    }
    expect(ends).toBe(0);
    await vi.advanceTimersByTimeAsync(80_000);
    expect(ends).toBe(times);
    vi.useRealTimers();
  },
);

describe('a process that reads', () => {
  const started = (parent: number) =>
    fork('src/bin/reader.ts', [JSON.stringify({ dbPath: path, followsZone: false, parent })], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
  const endOf = (child: ChildProcess) =>
    new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));

  test('ends when hephd has gone without a word, whatever it is at', async () => {
    await using core = new Core({ path });
    await core.file('one');
    makeEndless(core);
    const child = started(0);
    child.send({ method: 'task.list', params: {} });
    expect(await endOf(child)).toBe('SIGKILL');
  });

  test('does not end by a Ctrl-C that is meant for hephd', async () => {
    openStore(path).close();
    const child = started(process.pid);
    const answer = () => new Promise((resolve) => child.once('message', resolve));
    const question = { method: 'project.list', params: {} };
    child.send(question);
    expect(await answer()).toHaveProperty('json');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) child.kill(signal);
    child.send(question);
    expect(await answer()).toHaveProperty('json');
    child.disconnect();
    expect(await endOf(child)).toBe(0);
  });
});

test('a worker that cannot start fails its query, and the next one gets a new worker', async () => {
  await using queries = new LongQueries({ dbPath: path, followsZone: false }, limitMs);
  await expect(queries.run('task.list', {})).rejects.toThrow(`cannot open the store ${path}`);
  openStore(path).close();
  expect(titles(await queries.run('task.list', {}))).toEqual([]);
});
