import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { problemsOfFile } from '#store/check.ts';
import type { TaskRow } from '#protocol/tasks.ts';
import { VERSION } from '#protocol/version.ts';
import { runHephd, startDaemon } from '../support/daemon.ts';
import { hephOn, type Heph } from '../support/heph.ts';
import { Sandbox } from '../support/sandbox.ts';
import { onSmallDisk } from '../support/small-disk.ts';

/** Each is many processes, one after another: on a busy machine that takes its time. */
vi.setConfig({ testTimeout: 240_000 });

function titlesIn(path: string): string[] {
  expect(problemsOfFile(path)).toEqual([]);
  const db = new Sqlite(path, { readonly: true });
  try {
    return db.prepare("SELECT title FROM nodes WHERE kind = 'task'").pluck().all() as string[];
  } finally {
    db.close();
  }
}

const titles = async (heph: Heph) =>
  (await heph(['list', '--json'])).json<TaskRow[]>().map(({ title }) => title);

test('a backup made while another client writes is sound, and has all that was acknowledged before', async () => {
  await using daemon = await startDaemon();
  const heph = hephOn(daemon.socket);
  const acknowledged: string[] = [];
  const backup = { isMade: false };
  const writing = async () => {
    for (let i = 0; !backup.isMade; i++)
      if ((await heph(['task', `No. ${i}`])).code === 0) acknowledged.push(`No. ${i}`);
  };
  await heph(['task', 'Long', '--context', '-'], { input: 'x'.repeat(5_000_000) });
  const writer = writing();
  await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(1);
  const before = [...acknowledged];
  const path = `${daemon.folder}/copy.db`;
  expect(await heph(['backup', path])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^backed up to .*copy\.db \(\d+\.\d MiB\)\n$/),
  });
  backup.isMade = true;
  await writer;
  expect(titlesIn(path)).toEqual(expect.arrayContaining(['Long', ...before]));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const again = await heph(['backup', path]);
  expect(again).toMatchObject({
    code: 1,
    stderr: `cannot use ${path}: a file is there already\n`,
  });
});

test('a restore says where what was there is kept; what is no backup is named in one sentence', async () => {
  await using daemon = await startDaemon();
  const heph = hephOn(daemon.socket);
  await heph(['task', 'Old']);
  const { path } = (await heph(['backup', '--json'])).json<{ path: string }>();
  await heph(['task', 'New']);
  const done = (await heph(['restore', path, '--json'])).json<{ replaced: string }>();
  expect(await titles(heph)).toEqual(['Old']);
  expect(titlesIn(done.replaced)).toEqual(['Old', 'New']);
  const text = `${daemon.folder}/x.json`;
  writeFileSync(text, '{}');
  expect(await heph(['restore', text])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: `cannot use ${text}: it is not an SQLite database\n`,
  });
  expect(await titles(heph)).toEqual(['Old']);
});

test('a store that is reached by a link is restored where it lies, and stays one store', async () => {
  await using sandbox = await Sandbox.make();
  const [link, real] = [sandbox.at('here', 'heph.db'), sandbox.at('elsewhere', 'real.db')];
  for (const folder of ['here', 'elsewhere']) mkdirSync(sandbox.at(folder));
  symlinkSync('../elsewhere/real.db', link);
  await using daemon = await startDaemon({ folder: sandbox.at('here') });
  const heph = hephOn(daemon.socket);
  await heph(['task', 'Old']);
  const { path } = (await heph(['backup', '--json'])).json<{ path: string }>();
  await heph(['task', 'New']);
  const { replaced } = (await heph(['restore', path, '--json'])).json<{ replaced: string }>();
  expect(titlesIn(replaced)).toEqual(['Old', 'New']);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  const second = await runHephd(['--db', real, '--socket', sandbox.at('s')]);
  expect(second.stderr).toContain('another hephd');
  await daemon.kill('SIGTERM');
  expect(titlesIn(real)).toEqual(['Old']);
});

test('killed in the middle of restores, hephd has one whole store or the other', async () => {
  await using sandbox = await Sandbox.make();
  const backup = sandbox.at('copy.db');
  for (let round = 0; round < 4; round++) {
    await using daemon = await startDaemon({ folder: sandbox.path });
    const heph = hephOn(daemon.socket);
    if (round === 0) {
      await heph(['task', 'Old', '--context', '-'], { input: 'x'.repeat(8_000_000) });
      await heph(['backup', backup]);
      await heph(['task', 'New']);
    }
    const restore = { isOver: false };
    const restoring = heph(['restore', backup]).finally(() => void (restore.isOver = true));
    // From the first step on, a little later each time.
    while (!existsSync(`${daemon.db}.restoring`) && !restore.isOver) await sleep(1);
    await sleep(round * 40);
    await daemon.kill('SIGKILL');
    await restoring;
    expect([['New', 'Old'], ['Old']]).toContainEqual(titlesIn(daemon.db).toSorted());
  }
  const left = () => readdirSync(sandbox.path).filter((name) => name.includes('restoring'));
  for (const end of ['', '-wal', '-journal'])
    writeFileSync(sandbox.at(`heph.db.restoring${end}`), 'half');
  await using daemon = await startDaemon({ folder: sandbox.path });
  expect(left()).toEqual([]);
  const heph = hephOn(daemon.socket);
  expect((await heph(['restore', backup])).code).toBe(0);
  expect(await titles(heph)).toEqual(['Old']);
  expect(left()).toEqual([]);
});

test('a store of an older schema is backed up before it is changed, and can be put back', async () => {
  await using sandbox = await Sandbox.make();
  const old = new Sqlite(sandbox.at('heph.db'));
  old.exec(readFileSync('fixtures/stores/schema-1.sql', 'utf8'));
  old.close();
  // From another time: it is not this store.
  const stale = `before-update-to-${VERSION}.db`;
  mkdirSync(sandbox.at('backups'));
  writeFileSync(sandbox.at('backups', stale), '');
  await using daemon = await startDaemon({ folder: sandbox.path });
  const heph = hephOn(daemon.socket);
  const [name = '', ...more] = readdirSync(sandbox.at('backups')).filter((each) => each !== stale);
  expect([name, more]).toEqual([expect.stringMatching(/^before-schema-3-.*\.db$/), []]);
  const kept = new Sqlite(sandbox.at('backups', name), { readonly: true });
  expect(kept.pragma('user_version', { simple: true })).toBe(1);
  kept.close();
  const before = await titles(heph);
  expect(before.length).toBeGreaterThan(0);
  await heph(['task', 'Since then']);
  expect((await heph(['restore', sandbox.at('backups', name)])).code).toBe(0);
  expect(await titles(heph)).toEqual(before);
});

test('a full disk is said to be one, loses nothing, and is over when there is room', async ({
  skip,
}) => {
  await using sandbox = await Sandbox.make();
  const { runner, missing } = onSmallDisk(sandbox.at('disk'), { size: '6m' });
  skip(missing !== null, missing ?? '');
  await using daemon = await startDaemon({
    folder: sandbox.path,
    runner,
    args: ['--db', sandbox.at('disk', 'heph.db')],
  });
  const heph = hephOn(daemon.socket);
  const disk = `/proc/${daemon.pid}/root${sandbox.path}/disk`;
  const input = 'x'.repeat(200_000);
  expect((await heph(['task', 'First', '--context', '-'], { input })).code).toBe(0);
  const exported = sandbox.at('export.json');
  await heph(['export', exported]);
  const other = readFileSync(exported, 'utf8').replaceAll(/01[0-9A-Z]{24}/g, (id) =>
    id.replace(/^01../, '0000'),
  );
  try {
    writeFileSync(`${disk}/filler`, Buffer.alloc(8 * 2 ** 20));
  } catch {
    // As much as there was room for.
  }
  const acknowledged = ['First'];
  const full = { code: 'store_full' };
  for (let i = 0; ; i++) {
    const ran = await heph(['task', `No. ${i}`, '--context', '-', '--json'], { input });
    if (ran.code === 0) {
      acknowledged.push(`No. ${i}`);
      continue;
    }
    expect(ran.code).toBe(1);
    expect(ran.json()).toMatchObject({ error: full });
    break;
  }
  const backup = sandbox.at('disk', 'copy.db');
  expect((await heph(['backup', backup])).stderr).toBe(`cannot use ${backup}: the disk is full\n`);
  const imported = await heph(['import', 'heph', '-', '--json'], { input: other });
  expect(imported.code).toBe(1);
  expect(imported.json()).toMatchObject({ error: full });
  expect((await titles(heph)).toSorted()).toEqual(acknowledged.toSorted());
  expect(readdirSync(disk).filter((name) => name.includes('.part'))).toEqual([]);
  rmSync(`${disk}/filler`);
  for (const title of ['After', 'And after']) {
    expect((await heph(['task', title])).code).toBe(0);
    acknowledged.push(title);
  }
  expect((await heph(['import', 'heph', '-', '--json'], { input: other })).code).toBe(0);
  expect((await heph(['backup', backup])).code).toBe(0);
  expect(await titles(heph)).toEqual(expect.arrayContaining(acknowledged));
  copyFileSync(`${disk}/copy.db`, sandbox.at('copy.db'));
  expect(titlesIn(sandbox.at('copy.db'))).toEqual(expect.arrayContaining(acknowledged));
});
