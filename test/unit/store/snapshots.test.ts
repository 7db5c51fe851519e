import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openReader, openStore } from '#store/open.ts';
import { Snapshots } from '#store/snapshots.ts';
import type { Database, Statements } from '#store/sqlite.ts';
import { Sandbox } from '../../support/sandbox.ts';

let sandbox: Sandbox;
let db: Database;
let snapshots: Snapshots;
let closed: number;
beforeEach(async () => {
  vi.useFakeTimers();
  sandbox = await Sandbox.make();
  db = openStore(sandbox.at('heph.db'));
  closed = 0;
  snapshots = new Snapshots(() => {
    const reader = openReader(sandbox.at('heph.db'));
    return {
      prepare: (sql) => reader.prepare(sql),
      exec: (sql) => reader.exec(sql),
      pragma: (text, options) => reader.pragma(text, options),
      backup: (path, options) => reader.backup(path, options),
      close: () => {
        closed++;
        return reader.close();
      },
    };
  });
});
afterEach(async () => {
  db.close();
  vi.useRealTimers();
  await sandbox[Symbol.asyncDispose]();
});

const put = (name: string) => db.prepare('INSERT INTO meta VALUES (?, ?)').run(name, 'x');

/** The next name after so many. */
function read(sql: Statements, after: number) {
  const rows = sql
    .of('SELECT name FROM meta ORDER BY name LIMIT 1 OFFSET ?')
    .pluck()
    .all(after) as string[];
  return { rows, after: after + 1 };
}

test('each is the store as it was when it was taken, read to its end at its own pace', () => {
  put('a');
  snapshots.take('one');
  put('b');
  snapshots.take('two');
  put('c');
  const [one, two] = [() => snapshots.readOn('one', read), () => snapshots.readOn('two', read)];
  expect([one(), two(), two(), one(), two(), two()]).toEqual([['a'], ['a'], ['b'], [], [], null]);
  expect(closed).toBe(2);
});

test('one that nobody asks for is let go after a minute, and each question begins it anew', () => {
  put('a');
  put('b');
  snapshots.take('one');
  vi.advanceTimersByTime(50_000);
  expect(snapshots.readOn('one', read)).toEqual(['a']);
  vi.advanceTimersByTime(50_000);
  expect(snapshots.readOn('one', read)).toEqual(['b']);
  vi.advanceTimersByTime(62_000);
  expect(closed).toBe(1);
  expect(snapshots.readOn('one', read)).toBeNull();
});

test('whoever asks as soon as a long check has let go of this process is heard', () => {
  put('a');
  snapshots.take('one');
  vi.advanceTimersByTime(60_500);
  expect(snapshots.readOn('one', read)).toEqual(['a']);
  vi.advanceTimersByTime(61_000);
  expect(snapshots.readOn('one', read)).toEqual([]);
});

test('one that cannot be read is let go as well, in the end', () => {
  snapshots.take('one');
  const broken = () => {
    throw new Error('disk I/O error');
  };
  expect(() => snapshots.readOn('one', broken)).toThrow('disk I/O error');
  vi.advanceTimersByTime(62_000);
  expect(closed).toBe(1);
});
