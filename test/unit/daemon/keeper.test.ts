import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { withSignsOfLife } from '#daemon/signs-of-life.ts';
import { PROGRESS } from '#protocol/envelope.ts';
import { problemsOfFile } from '#store/check.ts';
import { SCHEMA } from '#store/migrations/list.ts';
import { Core, dump, silentPeer } from '../../support/builders.ts';
import { Sandbox } from '../../support/sandbox.ts';

let sandbox: Sandbox;
let core: Core;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  mkdirSync(sandbox.at('data'));
  core = new Core({ path: sandbox.at('data', 'heph.db') });
});
afterEach(async () => {
  await core[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
});

const titles = () =>
  core
    .list({ all: true })
    .map(({ title }) => title)
    .toSorted();

/** A store's file with more than a few pages, which is not the one in use. */
async function backup(): Promise<string> {
  for (let i = 0; i < 30; i++) await core.file(`Task ${i}`, { context: 'words '.repeat(1000) });
  const { path } = await core.call('store.backup', { path: sandbox.at('copy.db') });
  await core.file('After the backup');
  return path;
}

test('a backup without a place goes beside the store, under the moment it was made', async () => {
  await core.file('Kept');
  const made = await core.call('store.backup', {});
  expect(made).toEqual({
    path: sandbox.at('data', 'backups', 'heph-2026-11-18T12-00-00-000.db'),
    bytes: statSync(made.path).size,
    at: core.clock.nowMs(),
  });
  expect(problemsOfFile(made.path)).toEqual([]);
  expect(await core.problem('store.backup', {})).toMatchObject({
    code: 'bad_backup',
    why: 'a file is there already',
  });
});

describe('restoring', () => {
  test('puts the backup in place, keeps what was there, and says both', async () => {
    const path = await backup();
    const before = dump(core.db);
    const done = await core.call('store.restore', { path });
    expect(done).toEqual({
      path,
      replaced: sandbox.at('data', 'backups', 'replaced-2026-11-18T12-00-00-000.db'),
      nodes: 30,
    });
    expect(titles()).not.toContain('After the backup');
    const kept = new Sqlite(done.replaced, { readonly: true });
    expect(dump(kept)).toEqual(before);
    kept.close();
    expect((statSync(core.store.path).mode & 0o777).toString(8)).toBe('600');
    expect(await core.call('task.list', {})).toMatchObject({ rows: { length: 30 } });
    await core.file('Goes on');
    expect(titles()).toContain('Goes on');
  });

  test('leaves the backup as it was, to the byte, and nothing beside it', async () => {
    const path = await backup();
    const bytes = readFileSync(path);
    await core.call('store.restore', { path });
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(readdirSync(sandbox.path).toSorted()).toEqual(['copy.db', 'data']);
  });

  test('what is kept can be restored in turn', async () => {
    const path = await backup();
    const { replaced } = await core.call('store.restore', { path });
    core.clock.advance(1000);
    await core.call('store.restore', { path: replaced });
    expect(titles()).toContain('After the backup');
  });

  test('clients that read and write meanwhile see one store or the other, and no error', async () => {
    const path = await backup();
    const restore = { isOver: false };
    const restoring = core
      .call('store.restore', { path })
      .finally(() => void (restore.isOver = true));
    const counts = new Set<number>();
    let written = 0;
    while (!restore.isOver) {
      const [{ rows }, { created }] = await Promise.all([
        core.call('task.list', { grep: 'Task' }),
        core.file(`Meanwhile ${written++}`),
      ]);
      counts.add(rows.length);
      expect(created).toBe(true);
    }
    await restoring;
    expect([...counts]).toEqual([30]);
    expect(core.internalErrors).toEqual([]);
    expect(problemsOfFile(core.store.path)).toEqual([]);
  });

  test('those who watch are let go, once the backup has been read', async () => {
    const path = await backup();
    let ends = 0;
    core.watchers.add({ ...silentPeer(), end: () => void ends++ }, 0);
    expect(await core.problem('store.restore', { path: sandbox.at('none') })).not.toBeNull();
    expect(ends).toBe(0);
    await core.call('store.restore', { path });
    expect(ends).toBe(1);
  });

  test('so are those who come back before it is in place: its log is another one', async () => {
    const path = await backup();
    let ends = 0;
    const { longQueries, watchers } = core;
    const pause = longQueries.pause.bind(longQueries);
    longQueries.pause = () => {
      watchers.add({ ...silentPeer(), end: () => void ends++ }, 0);
      return pause();
    };
    await core.call('store.restore', { path });
    expect(ends).toBe(1);
  });

  test('what one before it left half done is not taken for its own', async () => {
    const path = await backup();
    const next = `${core.store.path}.restoring`;
    await core.file('Of another time', { context: 'words '.repeat(10_000) });
    copyFileSync(`${core.store.path}-wal`, `${next}-wal`);
    writeFileSync(`${next}-journal`, 'of another time');
    await core.call('store.restore', { path });
    expect(titles()).toHaveLength(30);
    expect(problemsOfFile(core.store.path)).toEqual([]);
    expect(readdirSync(sandbox.at('data')).filter((name) => name.includes('restoring'))).toEqual(
      [],
    );
  });

  test('a store of an older schema is brought up to date', async () => {
    await core.file('Newer');
    const path = sandbox.at('old.db');
    const old = new Sqlite(path);
    old.exec(readFileSync('fixtures/stores/schema-1.sql', 'utf8'));
    old.close();
    await core.call('store.restore', { path });
    expect(core.db.pragma('user_version', { simple: true })).toBe(SCHEMA);
    expect(titles()).toContain('Pay the rent');
    core.clock.advance(60_000);
    await core.file('After');
    const before = new Sqlite(path, { readonly: true });
    expect(before.pragma('user_version', { simple: true })).toBe(1);
    before.close();
  });
});

describe('what is no sound backup is refused, and nothing is changed:', () => {
  const damaged = (path: string, from: number, to: number) => {
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xa5, from, to));
  };

  test.each<[string, (path: string) => void, RegExp]>([
    ['its header is damaged', (path) => damaged(path, 0, 16), /^it is not an SQLite database$/],
    ['its schema is damaged', (path) => damaged(path, 100, 4096), /./],
    [
      'a page in the middle is damaged',
      (path) => {
        const middle = Math.floor(statSync(path).size / 4096 / 2) * 4096;
        damaged(path, middle, middle + 4096);
      },
      /./,
    ],
    [
      'its end is missing',
      (path) => truncateSync(path, Math.floor(statSync(path).size / 8192) * 4096),
      /./,
    ],
    ['only a part of a page is there', (path) => truncateSync(path, 1000), /./],
    [
      'it is a store of a newer heph',
      (path) => {
        const db = new Sqlite(path);
        db.pragma(`user_version = ${SCHEMA + 1}`);
        db.close();
      },
      /^it was written by a newer heph/,
    ],
    [
      'rows belong to nothing',
      (path) => {
        const db = new Sqlite(path);
        db.pragma('foreign_keys = OFF');
        db.exec('DELETE FROM nodes WHERE n = 3');
        db.close();
      },
      /^a row of \w+ belongs to no row of nodes$/,
    ],
    [
      "it is another program's",
      (path) => {
        const db = new Sqlite(path);
        db.pragma('application_id = 1');
        db.close();
      },
      /^it is an SQLite database of another program$/,
    ],
    ['it is a text', (path) => writeFileSync(path, '{"nodes":[]}'), /^it is not an SQLite/],
    ['it is empty', (path) => writeFileSync(path, ''), /^there is no store in it$/],
  ])('%s', async (_, spoil, why) => {
    const path = sandbox.at('bad.db');
    copyFileSync(await backup(), path);
    spoil(path);
    const bytes = readFileSync(path);
    const before = dump(core.db);
    const problem = await core.problem('store.restore', { path });
    expect(problem).toEqual({ code: 'bad_backup', path, why: expect.stringMatching(why) });
    expect((problem as { why: string }).why).not.toMatch(/the store|--db|restore a backup/);
    expect(dump(core.db)).toEqual(before);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(existsSync(sandbox.at('data', 'backups'))).toBe(false);
    expect(readdirSync(sandbox.at('data')).toSorted()).toEqual([
      'heph.db',
      'heph.db-shm',
      'heph.db-wal',
    ]);
    await core.file('Goes on');
    expect(core.internalErrors).toEqual([]);
  });

  test.each(['none.db', 'data'])('%s is no file', async (name) => {
    const problem = await core.problem('store.restore', { path: sandbox.at(name) });
    expect(problem).toMatchObject({
      code: 'bad_backup',
      why: name === 'data' ? 'it is no file' : 'there is no such file',
    });
  });
});

test('two at once take turns', async () => {
  const path = await backup();
  const [one, two, three] = await Promise.all([
    core.call('store.backup', { path: sandbox.at('1.db') }),
    core.call('store.restore', { path }),
    core.call('store.backup', { path: sandbox.at('2.db') }),
  ]);
  const count = (file: string) => {
    const db = new Sqlite(file, { readonly: true });
    const nodes = db.prepare('SELECT count(*) FROM nodes').pluck().get();
    db.close();
    return nodes;
  };
  expect([count(one.path), count(two.replaced), count(three.path)]).toEqual([31, 31, 30]);
});

test('what takes long says now and then that it is at work, and how far it was', async () => {
  vi.useFakeTimers();
  const told: unknown[] = [];
  const peer = silentPeer((method, params) => told.push([method, params]));
  const work = withSignsOfLife(peer, async (asker) => {
    await vi.advanceTimersByTimeAsync(5000);
    asker.notify(PROGRESS, { id: 1, done: 3, total: 4 });
    await vi.advanceTimersByTimeAsync(2000);
    return 'done';
  });
  expect(await work).toBe('done');
  await vi.advanceTimersByTimeAsync(60_000);
  vi.useRealTimers();
  const [at, on] = [
    [PROGRESS, { id: 1, done: 0, total: 1 }],
    [PROGRESS, { id: 1, done: 3, total: 4 }],
  ];
  expect(told).toEqual([at, at, on, on]);
});
