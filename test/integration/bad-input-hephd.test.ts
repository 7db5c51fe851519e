import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, truncate } from 'node:fs/promises';
import Sqlite from 'better-sqlite3';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SCHEMA } from '#store/migrations/list.ts';
import { openStore } from '#store/open.ts';
import { runHephd, startDaemon } from '../support/daemon.ts';
import { hephOn } from '../support/heph.ts';
import { Sandbox } from '../support/sandbox.ts';

let sandbox: Sandbox;
let db: string;
let socket: string;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  db = sandbox.at('heph.db');
  socket = sandbox.at('s');
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const serve = (more: Parameters<typeof runHephd>[1] = {}, args: string[] = []) =>
  runHephd(['--db', db, '--socket', socket, ...args], { folder: sandbox.path, ...more });

/** Whatever is wrong is one line, and no stack. */
function oneLine(stderr: string): string {
  expect(stderr).toMatch(/^cannot [^\n]*$/);
  return stderr;
}

describe('told of only one of store and socket, it refuses: exit 2', () => {
  test.each([
    [
      ['--db', '/tmp/x.db'],
      {},
      'cannot start with a store but no socket of its own: give --socket or HEPH_SOCKET too (hephd --help)',
    ],
    [
      ['--socket', '/tmp/x.sock'],
      {},
      'cannot start with a socket but no store of its own: give --db or HEPH_DB too (hephd --help)',
    ],
    [
      [],
      { HEPH_DB: '/tmp/x.db' },
      'cannot start with a store but no socket of its own: give --socket or HEPH_SOCKET too (hephd --help)',
    ],
  ])('%j %j', async (args, env, message) => {
    const ended = await runHephd(args, {
      folder: sandbox.path,
      env: env,
    });
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: message });
    expect(readdirSync(sandbox.path)).toEqual([]);
  });
});

describe('a store that cannot be served: exit 78, so that nobody tries again', () => {
  const foreign = (version: number, ...statements: string[]) => {
    const other = new Sqlite(db);
    for (const sql of [
      'CREATE TABLE theirs (a)',
      ...statements,
      `PRAGMA user_version = ${version}`,
    ])
      other.exec(sql);
    other.close();
  };

  test.each([
    [
      'no SQLite',
      () => writeFileSync(db, 'dear diary\n'.repeat(500)),
      'it is not an SQLite database; move it away or name another with --db',
    ],
    [
      "another program's",
      () => foreign(1),
      'it is an SQLite database of another program; move it away or name another with --db',
    ],
    [
      'of a newer version',
      () => foreign(999, 'PRAGMA application_id = 0x68657068'),
      `it was written by a newer heph (schema 999; this one knows ${SCHEMA}); install that version or a later one`,
    ],
  ])('%s, and it is as it was', async (_, make, why) => {
    make();
    await chmod(db, 0o644);
    const before = readFileSync(db);
    const ended = await serve();
    expect(oneLine(ended.stderr)).toBe(`cannot open the store ${db}: ${why}`);
    expect(ended.code).toBe(78);
    expect(readFileSync(db).equals(before)).toBe(true);
    expect(statSync(db).mode & 0o777).toBe(0o644);
    expect(existsSync(socket)).toBe(false);
  });

  test('cut short', async () => {
    const store = openStore(db);
    store.exec(
      `WITH RECURSIVE i (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM i WHERE x < 5000) INSERT INTO nodes (id, kind, title, created_at, updated_at) SELECT 'id' || x, 'doc', 'x', 1, 1 FROM i`,
    );
    store.close();
    await truncate(db, 8192);
    const ended = await serve();
    expect(oneLine(ended.stderr)).toMatch(/^cannot open the store .*; restore a backup$/);
    expect(ended.code).toBe(78);
  });

  test('of an older schema, where the copy that is made first is not sound', async () => {
    const old = new Sqlite(db);
    old.exec(readFileSync('fixtures/stores/schema-1.sql', 'utf8'));
    old.pragma('foreign_keys = OFF');
    old.exec('DELETE FROM nodes WHERE n = 1');
    old.close();
    const before = readFileSync(db);
    const { code, stderr } = await serve();
    expect(code).toBe(78);
    expect(oneLine(stderr)).toMatch(
      /^cannot start: .*backups\/before-schema-\d+-.*\.db cannot be made: the copy is damaged: /,
    );
    expect(readFileSync(db).equals(before)).toBe(true);
    expect(readdirSync(sandbox.at('backups'))).toEqual([]);
  });

  test('damaged where only a query looks, at its start', async () => {
    openStore(db).close();
    const reader = new Sqlite(db);
    const pages = reader
      .prepare(
        `SELECT pageno FROM dbstat WHERE name IN ('transactions', 'sqlite_autoindex_transactions_1')`,
      )
      .pluck()
      .all() as number[];
    reader.close();
    const bytes = readFileSync(db);
    for (const page of pages) bytes.fill(0xa5, (page - 1) * 4096, page * 4096);
    writeFileSync(db, bytes);
    const ended = await serve();
    expect(oneLine(ended.stderr)).toMatch(
      /^cannot open the store .*: .*malformed; restore a backup$/,
    );
    expect(ended.code).toBe(78);
  });

  test('a folder, whose mode stays', async () => {
    await mkdir(db, 0o755);
    const ended = await serve();
    expect(oneLine(ended.stderr)).toBe(
      `cannot open the store ${db}: it is a folder; name a file with --db`,
    );
    expect(ended.code).toBe(78);
    expect(statSync(db).mode & 0o777).toBe(0o755);
  });

  test('in a folder that is not there', async () => {
    const ended = await runHephd(['--db', sandbox.at('none', 'heph.db'), '--socket', socket], {
      folder: sandbox.path,
    });
    const none = sandbox.at('none');
    expect(oneLine(ended.stderr)).toBe(
      `cannot open the store ${none}/heph.db: there is no folder ${none}; make it, or name another with --db`,
    );
    expect(ended.code).toBe(78);
    expect(existsSync(none)).toBe(false);
  });

  test('held by another hephd, which is named and goes on (E3)', async () => {
    await using daemon = await startDaemon({ folder: sandbox.path });
    const ended = await runHephd(['--db', daemon.db, '--socket', sandbox.at('other')], {
      folder: sandbox.path,
    });
    expect(oneLine(ended.stderr)).toBe(
      `cannot open the store ${db}: another hephd (pid ${daemon.pid}) holds it; stop that one first`,
    );
    expect(ended.code).toBe(78);
    expect((await hephOn(daemon.socket)(['next'])).code).toBe(0);
  });

  describe('read-only', () => {
    /** As whoever may not write what the modes forbid, which root may. */
    async function ordinary(): Promise<readonly string[] | null> {
      if (process.geteuid?.() !== 0) return [process.execPath];
      const runner = ['setpriv', '--bounding-set', '-dac_override,-dac_read_search', '--'];
      const { failed } = await execa(runner[0] ?? '', [...runner.slice(1), 'true'], {
        reject: false,
      });
      return failed ? null : [...runner, process.execPath];
    }

    test.for([
      [
        'the file',
        () => db,
        0o400,
        0o600,
        /^cannot open the store .*: it is read-only; make it writable \(chmod u\+w '.*'\)$/,
      ],
      ['the folder', () => sandbox.path, 0o500, 0o700, /^cannot (open the store|start: EACCES)/],
    ] as const)('%s', async ([, path, closed, open, message], { skip }) => {
      const runner = await ordinary();
      if (runner === null)
        return skip('root may write everything here, and setpriv cannot take that away');
      openStore(db).close();
      await chmod(path(), closed);
      const ended = await serve({ runner });
      const mode = statSync(path()).mode & 0o777;
      await chmod(path(), open);
      expect(oneLine(ended.stderr)).toMatch(message);
      expect(ended.code).toBe(78);
      expect(mode).toBe(closed);
      openStore(db).close();
    });
  });
});

describe('a socket that cannot be listened on: exit 78', () => {
  test('a regular file is in its place, and untouched (E1)', async () => {
    writeFileSync(socket, 'dear diary');
    const ended = await serve();
    expect(oneLine(ended.stderr)).toBe(
      `cannot listen on ${socket}: something that is not a socket is there; move it away`,
    );
    expect(ended.code).toBe(78);
    expect(readFileSync(socket, 'utf8')).toBe('dear diary');
  });

  test('its folder is not there', async () => {
    socket = sandbox.at('none', 's');
    const ended = await serve();
    const none = sandbox.at('none');
    expect(oneLine(ended.stderr)).toBe(
      `cannot listen on ${socket}: there is no folder ${none}; make it, or name another with --socket`,
    );
    expect(ended.code).toBe(78);
  });

  test('its path is too long (E2)', async () => {
    socket = sandbox.at('x'.repeat(100));
    const ended = await serve();
    expect(oneLine(ended.stderr)).toMatch(
      /^cannot listen on .*: its path is \d+ bytes long, and 103 is the most; set HEPH_SOCKET to a shorter one$/,
    );
    expect(ended.code).toBe(78);
  });

  test('another hephd answers there, with a store of its own', async () => {
    await using daemon = await startDaemon();
    const ended = await runHephd(['--db', db, '--socket', daemon.socket], { folder: sandbox.path });
    expect(oneLine(ended.stderr)).toBe(
      `cannot listen on ${daemon.socket}: another hephd answers there; stop that one first`,
    );
    expect(ended.code).toBe(78);
    expect((await hephOn(daemon.socket)(['next'])).code).toBe(0);
  });
});

test.each([
  ['a syntax error', '[log]\nlevel = = 1\n', /^cannot read CONFIG, line 2: /],
  ['an unknown key', '[log]\ncolour = "red"\n', /^cannot use CONFIG, line 2: log\.colour: /],
  ['a wrong type', '[log]\nmax_bytes = "5"\n', /^cannot use CONFIG, line 2: log\.max_bytes: /],
])('settings with %s: exit 78, by file and line or key', async (_, text, message) => {
  const config = sandbox.at('config.toml');
  writeFileSync(config, text);
  const ended = await serve({}, ['--config', config]);
  expect(oneLine(ended.stderr).replace(config, 'CONFIG')).toMatch(message);
  expect(ended.code).toBe(78);
  expect(existsSync(db)).toBe(false);
});

test('a stale socket, left by a daemon that was killed, is no hindrance (E1)', async () => {
  {
    await using first = await startDaemon({ folder: sandbox.path });
    await hephOn(first.socket)(['task', 'Kept']);
    await first.kill('SIGKILL');
    expect(existsSync(socket)).toBe(true);
  }
  await using second = await startDaemon({ folder: sandbox.path });
  expect((await hephOn(second.socket)(['list', '--json'])).json()).toMatchObject([
    { title: 'Kept' },
  ]);
});
