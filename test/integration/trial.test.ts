import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VERSION } from '#protocol/version.ts';
import { SCHEMA } from '#store/migrations/list.ts';
import { readState } from '#update/state.ts';
import { probationText } from '#update/probation.ts';
import { runHephd, startDaemon } from '../support/daemon.ts';
import { hephOn } from '../support/heph.ts';
import { Sandbox } from '../support/sandbox.ts';

const AFTER = '99.0.0';

/** What a daemon may take to be there, and to be gone, on a busy machine. */
const START_MS = 60_000;

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  await using daemon = await startDaemon({ folder: sandbox.path });
  await hephOn(daemon.socket)(['task', 'Pay the rent']);
  await daemon.kill('SIGTERM');
}, START_MS);
afterEach(() => sandbox[Symbol.asyncDispose]());

const PROBATION = 'update/probation';
const backups = () => readdirSync(sandbox.at('backups')).filter((name) => name.endsWith('.db'));
const titles = (file: string): unknown[] => {
  using db = new DatabaseSync(sandbox.at(file), { readOnly: true });
  return db
    .prepare('SELECT title FROM nodes ORDER BY title')
    .all()
    .map(({ title }) => title);
};

function onProbation(from: string, to: string): void {
  mkdirSync(sandbox.at('update'), { recursive: true });
  writeFileSync(sandbox.at(PROBATION), probationText({ from, to, boots: 2, limitS: 20 }));
}

const places = () => ['--db', sandbox.at('heph.db'), '--socket', sandbox.at('s')];

describe('hephd --trial', () => {
  test('keeps the store, is a daemon on it for a moment, and stays', async () => {
    onProbation('0.0.1', VERSION);
    expect(await runHephd([...places(), '--trial'])).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(sandbox.at(PROBATION))).toBe(false);
    expect(titles(`backups/before-update-to-${VERSION}.db`)).toEqual(['Pay the rent']);
    expect(readdirSync(sandbox.path).filter((name) => name.endsWith('.sock'))).toEqual([]);
  });

  test('does not copy a store twice: the first trial may have changed it', async () => {
    onProbation('0.0.1', VERSION);
    mkdirSync(sandbox.at('backups'), { recursive: true });
    writeFileSync(sandbox.at(`backups/before-update-to-${VERSION}.db`), 'the first');
    expect((await runHephd([...places(), '--trial'])).code).toBe(0);
    expect(readFileSync(sandbox.at(`backups/before-update-to-${VERSION}.db`), 'utf8')).toBe(
      'the first',
    );
  });

  test.each([
    ['there is no probation', () => undefined],
    ['another version is', () => onProbation('0.0.1', AFTER)],
  ])('refuses when %s', async (_, arrange) => {
    arrange();
    expect(await runHephd([...places(), '--trial'])).toMatchObject({
      code: 1,
      stderr: `cannot try ${VERSION}: it is not on probation`,
    });
    expect(existsSync(sandbox.at('backups'))).toBe(false);
  });

  test.each([
    ['the store is damaged', () => writeFileSync(sandbox.at('heph.db'), 'x'.repeat(5000))],
    ['the settings are', () => writeFileSync(sandbox.at('c.toml'), '[log]\nlevel = 7\n')],
    ['nothing can listen', () => mkdirSync(sandbox.at('trial.sock'))],
  ])('stays on probation when %s', async (_, damage) => {
    onProbation('0.0.1', VERSION);
    damage();
    const ended = await runHephd([...places(), '--config', sandbox.at('c.toml'), '--trial']);
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toMatch(/^cannot /);
    expect(existsSync(sandbox.at(PROBATION))).toBe(true);
  });
});

describe('hephd --self-test', () => {
  test('answers once on a store of its own, which may be new, and leaves it', async () => {
    const own = ['--db', sandbox.at('copy.db'), '--socket', sandbox.at('c')];
    expect(await runHephd([...own, '--self-test'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(existsSync(sandbox.at('c'))).toBe(false);
    expect(titles('copy.db')).toEqual([]);
  });

  test('never on the real store', async () => {
    expect(await runHephd(['--self-test'])).toMatchObject({
      code: 2,
      stderr: 'cannot test itself on the real store: give --db and --socket (hephd --help)',
    });
  });
});

describe('after a version that failed its trial', () => {
  const startAgain = (code: string) =>
    startDaemon({ folder: sandbox.path, env: { HEPH_GAVE_BACK: code } });

  /** What the version after this one did before it failed. */
  function failed(): void {
    onProbation(VERSION, AFTER);
    mkdirSync(sandbox.at('backups'), { recursive: true });
    writeFileSync(
      sandbox.at(`backups/before-update-to-${AFTER}.db`),
      readFileSync(sandbox.at('heph.db')),
    );
    using db = new DatabaseSync(sandbox.at('heph.db'));
    db.exec(`UPDATE nodes SET title = 'Migrated'; PRAGMA user_version = 999`);
  }

  test('the store is as it was before it, and what it left is kept', async () => {
    failed();
    await using daemon = await startAgain('139');
    expect((await hephOn(daemon.socket)(['next'])).stdout).toContain('Pay the rent');
    const kept = backups().find((name) => name.startsWith('given-back-by-'));
    expect(titles(`backups/${kept}`)).toEqual(['Migrated']);
    expect(existsSync(sandbox.at(PROBATION))).toBe(false);
    expect(readState(sandbox.at('update/state.json'))).toMatchObject({
      pending: null,
      last_result: `gave ${AFTER} back: it failed to start, with exit code 139`,
      bad: [{ version: AFTER, why: 'it failed to start, with exit code 139' }],
    });
    expect(readFileSync(sandbox.at('hephd.log'), 'utf8')).toMatch(
      / warn gave-back version=99\.0\.0 why="it failed/,
    );
  });

  test('one that never came as far as a copy left the store alone', async () => {
    onProbation(VERSION, AFTER);
    await using daemon = await startAgain('127');
    expect((await hephOn(daemon.socket)(['next'])).stdout).toContain('Pay the rent');
    expect(readState(sandbox.at('update/state.json')).last_result).toBe(
      `gave ${AFTER} back: it cannot be run`,
    );
  });

  test('cut short anywhere, it is done again', async () => {
    failed();
    // The logs are moved away, and the copy is not in place yet.
    writeFileSync(sandbox.at('heph.db.restoring'), 'half');
    await using daemon = await startAgain('1');
    expect((await hephOn(daemon.socket)(['next'])).stdout).toContain('Pay the rent');
  });

  test.each<[string, string, Record<string, string>]>([
    ['nobody gave back', VERSION, {}],
    ['it was given back to another', '0.0.1', { HEPH_GAVE_BACK: '1' }],
  ])('whoever serves although %s ends the probation, and loses nothing', async (_, from, env) => {
    failed();
    onProbation(from, AFTER);
    using db = new DatabaseSync(sandbox.at('heph.db'));
    db.exec(`PRAGMA user_version = ${SCHEMA}`);
    db.close();
    {
      await using daemon = await startDaemon({ folder: sandbox.path, env });
      expect(existsSync(sandbox.at(PROBATION))).toBe(false);
      expect((await hephOn(daemon.socket)(['task', 'Acknowledged'])).code).toBe(0);
      await daemon.kill('SIGTERM');
    }
    // The launcher's next try would fail, and the copy from before the first one would come back.
    await using _again = await startAgain('1');
    expect(titles('heph.db')).toEqual(['Acknowledged', 'Migrated']);
  });

  test('a store that it can use is left where it is, whatever the copy', async () => {
    onProbation(VERSION, AFTER);
    mkdirSync(sandbox.at('backups'), { recursive: true });
    writeFileSync(sandbox.at(`backups/before-update-to-${AFTER}.db`), 'no room for this');
    await using _daemon = await startAgain('1');
    expect(titles('heph.db')).toEqual(['Pay the rent']);
    expect(readdirSync(sandbox.at('backups'))).toEqual([`before-update-to-${AFTER}.db`]);
  });

  test('where there was no store, the one that it made is set aside', async () => {
    failed();
    rmSync(sandbox.at(`backups/before-update-to-${AFTER}.db`));
    await using daemon = await startAgain('1');
    expect((await hephOn(daemon.socket)(['next'])).code).toBe(0);
    const kept = backups().find((name) => name.startsWith('given-back-by-'));
    expect(titles(`backups/${kept}`)).toEqual(['Migrated']);
    expect(titles('heph.db')).toEqual([]);
  });

  test('a store that is damaged is not taken for one that it made, and stays where it is', async () => {
    onProbation(VERSION, AFTER);
    writeFileSync(sandbox.at('heph.db'), 'what a broken disk has left');
    const ended = await runHephd(['--db', sandbox.at('heph.db'), '--socket', sandbox.at('s')], {
      folder: sandbox.path,
      env: { HEPH_GAVE_BACK: '1' },
    });
    expect(ended).toMatchObject({ code: 78, stderr: expect.stringContaining('cannot open') });
    expect(readFileSync(sandbox.at('heph.db'), 'utf8')).toBe('what a broken disk has left');
  });

  test('one that was never tried for want of room may be tried again', async () => {
    onProbation(VERSION, AFTER);
    await using _daemon = await startAgain('disk');
    expect(readState(sandbox.at('update/state.json'))).toMatchObject({
      last_result: `gave ${AFTER} back: there was no room to try it`,
      bad: [],
    });
  });
});
