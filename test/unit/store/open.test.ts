import Sqlite from 'better-sqlite3';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { beforeEach, afterEach, describe, expect, test } from 'vitest';
import { SCHEMA } from '#store/migrations/list.ts';
import { needsMigration, openReader, openStore } from '#store/open.ts';
import { StoreError } from '#store/problems.ts';
import { Sandbox } from '../../support/sandbox.ts';

let sandbox: Sandbox;
let path: string;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  path = sandbox.at('heph.db');
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

function database(...statements: string[]): void {
  const db = new Sqlite(path);
  for (const sql of statements) db.exec(sql);
  db.close();
}

/** As the power left it: in the middle of a write, with the way back beside it. */
function halfWritten(): void {
  const elsewhere = sandbox.at('elsewhere.db');
  const db = new Sqlite(elsewhere);
  db.exec('PRAGMA cache_size = 1; CREATE TABLE t (x); BEGIN');
  const insert = db.prepare('INSERT INTO t VALUES (?)');
  for (let i = 0; i < 100; i++) insert.run('x'.repeat(1000));
  for (const end of ['', '-journal']) copyFileSync(`${elsewhere}${end}`, `${path}${end}`);
  db.close();
}

function refusal(open: () => unknown): StoreError {
  try {
    open();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error('it was opened');
}

/** Root may write everything, so a read-only file is only one to somebody else. */
function asOrdinaryUser<T>(run: () => T): T {
  if (process.geteuid?.() !== 0) return run();
  for (const name of [sandbox.path, ...readdirSync(sandbox.path).map((file) => sandbox.at(file))])
    chownSync(name, 65_534, 65_534);
  process.seteuid?.(65_534);
  try {
    return run();
  } finally {
    process.seteuid?.(0);
  }
}

test("a new store is durable, checks its references, and is its user's alone", () => {
  using db = Object.assign(openStore(path), { [Symbol.dispose]: () => db.close() });
  db.exec(`INSERT INTO meta VALUES ('a', 'b')`);
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(db.pragma('synchronous', { simple: true })).toBe(2);
  expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
  expect(db.pragma('user_version', { simple: true })).toBe(SCHEMA);
  const modes = readdirSync(sandbox.path).map((file) => `${file} ${modeOf(sandbox.at(file))}`);
  expect(modes.toSorted()).toEqual(['heph.db 600', 'heph.db-shm 600', 'heph.db-wal 600']);
});

test('a store opened again holds what was in it, and is closed to others if it was open', () => {
  const db = openStore(path);
  db.exec(`INSERT INTO meta VALUES ('a', 'b')`);
  db.close();
  chmodSync(path, 0o644);
  const again = openStore(path);
  expect(again.prepare(`SELECT value FROM meta WHERE name = 'a'`).pluck().get()).toBe('b');
  again.exec(`INSERT INTO meta VALUES ('c', 'd')`);
  expect([path, `${path}-wal`, `${path}-shm`].map(modeOf)).toEqual(['600', '600', '600']);
  again.close();
});

test('an empty file becomes a store', () => {
  writeFileSync(path, '');
  const db = openStore(path);
  expect(db.pragma('user_version', { simple: true })).toBe(SCHEMA);
  db.close();
});

describe('what is no store of ours is refused, and is as it was, to the byte', () => {
  test.each([
    [
      'a text',
      () => writeFileSync(path, 'dear diary\n'.repeat(500)),
      'not_sqlite',
      'it is not an SQLite database',
    ],
    [
      'a short text',
      () => writeFileSync(path, 'abc'),
      'not_sqlite',
      'it is not an SQLite database',
    ],
    [
      'a store of a newer version',
      () =>
        database(
          'CREATE TABLE meta (a)',
          `PRAGMA user_version = ${SCHEMA + 1}`,
          'PRAGMA application_id = 0x68657068',
        ),
      'newer',
      `it was written by a newer heph (schema ${SCHEMA + 1}; this one knows ${SCHEMA})`,
    ],
    [
      "another program's database",
      () => database('CREATE TABLE moz_places (a)'),
      'not_sqlite',
      'it is an SQLite database of another program',
    ],
    [
      "another program's database, versioned as ours",
      () => database('CREATE TABLE moz_places (a)', `PRAGMA user_version = ${SCHEMA}`),
      'not_sqlite',
      'it is an SQLite database of another program',
    ],
    [
      "another program's database, of a high version",
      () => database('CREATE TABLE moz_places (a)', 'PRAGMA user_version = 77'),
      'not_sqlite',
      'it is an SQLite database of another program',
    ],
    [
      "another program's database in WAL mode",
      () => database('PRAGMA journal_mode = WAL', 'CREATE TABLE moz_places (a)'),
      'not_sqlite',
      'it is an SQLite database of another program',
    ],
  ] as const)('%s', (_, make, reason, why) => {
    make();
    chmodSync(path, 0o644);
    const before = readFileSync(path);
    const error = refusal(() => openStore(path));
    expect(error.reason).toBe(reason);
    expect(error.message).toContain(`cannot open the store ${path}: ${why}`);
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(modeOf(path)).toBe('644');
    expect(readdirSync(sandbox.path)).toEqual(['heph.db']);
  });

  test('a folder', () => {
    mkdirSync(path, 0o755);
    const error = refusal(() => openStore(path));
    expect(error.message).toBe(
      `cannot open the store ${path}: it is a folder; name a file with --db`,
    );
    expect(modeOf(path)).toBe('755');
  });
});

test('a store in a folder that is not there says to check the folder', () => {
  const error = refusal(() => openStore(sandbox.at('none', 'heph.db')));
  expect(error.reason).toBe('unreadable');
  expect(error.message).toMatch(
    /^cannot open the store .*: .*; check the folder and its permissions$/,
  );
});

describe('what may not be written is refused with a cure', () => {
  test('a read-only file stays read-only', () => {
    openStore(path).close();
    chmodSync(path, 0o400);
    const error = asOrdinaryUser(() => refusal(() => openStore(path)));
    expect(error.message).toBe(
      `cannot open the store ${path}: it is read-only; make it writable (chmod u+w '${path}')`,
    );
    expect(error.reason).toBe('readonly');
    expect(modeOf(path)).toBe('400');
  });

  test('a read-only folder', () => {
    openStore(path).close();
    chmodSync(dirname(path), 0o500);
    const error = asOrdinaryUser(() => refusal(() => openStore(path)));
    chmodSync(dirname(path), 0o700);
    expect(error.message).toMatch(
      /^cannot open the store .*; (check the folder and its permissions|make it writable .*)$/,
    );
  });
});

describe('damage', () => {
  /** A store of a few hundred pages, closed. */
  function grown(): number {
    const db = openStore(path);
    const insert = db.prepare(
      `INSERT INTO nodes (id, kind, title, created_at, updated_at) VALUES (?, 'doc', ?, 1, 1)`,
    );
    db.exec('BEGIN');
    for (let i = 0; i < 5000; i++) insert.run(`id${i}`, 'x'.repeat(100));
    db.exec('COMMIT');
    db.close();
    return statSync(path).size;
  }

  test.each([2, 10, 100])('a store cut to a %dth is refused as damaged', (part) => {
    const size = grown();
    truncateSync(path, Math.floor(size / part / 4096) * 4096);
    const error = refusal(() => openStore(path));
    expect(error.reason).toBe('damaged');
    expect(error.message).toMatch(/^cannot open the store .*: .*; restore a backup$/);
  });

  test('a store whose schema is garbage is refused as damaged', () => {
    grown();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 100, 4096);
    writeFileSync(path, bytes);
    expect(refusal(() => openStore(path)).reason).toBe('damaged');
  });
});

describe('a reader', () => {
  test('sees what is committed and can change nothing', () => {
    const db = openStore(path);
    const reader = openReader(path);
    db.exec(`INSERT INTO meta VALUES ('a', 'b')`);
    expect(reader.prepare('SELECT count(*) FROM meta').pluck().get()).toBe(1);
    expect(() => reader.exec('DELETE FROM meta')).toThrow(/readonly/);
    reader.close();
    db.close();
  });

  test('makes no file where there is none', () => {
    rmSync(path, { force: true });
    expect(refusal(() => openReader(path)).reason).toBe('unreadable');
    expect(readdirSync(sandbox.path)).toEqual([]);
  });
});

// Found by the campaign: killed on its first start, hephd never started again, and called the store read-only.
test('a store that was left half written is put right, and not called read-only', () => {
  halfWritten();
  const opened = new Sqlite(path, { readonly: true });
  expect(() => opened.pragma('user_version')).toThrow('readonly');
  opened.close();
  expect(refusal(() => needsMigration(path)).why).toBe(
    'it is an SQLite database of another program',
  );
  expect(existsSync(`${path}-journal`)).toBe(false);
});
