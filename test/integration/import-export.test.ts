import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startDaemon, type Daemon } from '../support/daemon.ts';
import { builds, hephOn, type Heph } from '../support/heph.ts';

const START_MS = 60_000;

/** Each is many processes, one after another: on a busy machine that takes its time. */
vi.setConfig({ testTimeout: 240_000 });

interface Imported {
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  dry_run: boolean;
  problems: { place: string; why: string }[];
  attachments: string[];
}

describe.each(builds)('heph ($name) that takes in and gives out', (build) => {
  let daemon: Daemon;
  let heph: Heph;
  beforeAll(async () => {
    daemon = await startDaemon();
    heph = hephOn(daemon.socket, build);
  }, START_MS);
  afterAll(() => daemon[Symbol.asyncDispose]());

  const list = async (of: Heph) =>
    (await of(['list', '--json', '--all'])).json<Record<string, unknown>[]>();
  const transactions = async () => (await heph(['history', '--json'])).json<unknown[]>().length;

  test.each([
    ['taskwarrior', 'fixtures/import/taskwarrior.json', 'task'],
    ['todotxt', 'fixtures/import/todo.txt', 'task'],
    ['obsidian', 'fixtures/import/vault', 'doc'],
  ])(
    '%s: a dry run changes nothing, the first takes in, the second changes nothing',
    async (...args) => {
      const [format, path] = args;
      const before = await transactions();
      const dry = (await heph(['import', format, path, '--dry-run', '--json'])).json<Imported>();
      expect(dry).toMatchObject({ created: 0, updated: 0, unchanged: 0, dry_run: true });
      expect(dry.read).toBeGreaterThan(0);
      expect(await transactions()).toBe(before);

      const ran = await heph(['import', format, path, '--json']);
      const first = ran.json<Imported>();
      expect(first).toMatchObject({ read: dry.read, unchanged: 0, dry_run: false });
      expect(first.created + first.updated).toBe(dry.read);
      expect(ran.code).toBe(first.problems.length === 0 ? 0 : 1);
      for (const { place, why } of first.problems) {
        expect(place).not.toBe('');
        expect(why).toMatch(/^cannot /);
      }
      expect(await transactions()).toBe(before + 1);
      const again = (await heph(['import', format, path, '--json'])).json<Imported>();
      expect(again).toMatchObject({ created: 0, updated: 0, unchanged: dry.read });
      expect(await transactions()).toBe(before + 1);
    },
  );

  test('what is in a vault and is no note is named', async () => {
    const ran = await heph(['import', 'obsidian', 'fixtures/import/vault', '--json']);
    expect(ran.json<Imported>().attachments).toContain('picture.png');
    const onScreen = await heph(['import', 'obsidian', 'fixtures/import/vault']);
    expect(onScreen.stdout).toMatch(/^imported: 0 made, 0 changed, \d+ as they were before\n$/);
    expect(onScreen.stderr).toContain('not taken, as they are no notes:\n  picture.png');
  });

  test('two vaults that are both called "." stay apart, and one by another name is known', async () => {
    for (const name of ['home', 'work']) {
      mkdirSync(`${daemon.folder}/vaults/${name}`, { recursive: true });
      writeFileSync(`${daemon.folder}/vaults/${name}/Plan.md`, `The plan of ${name}.\n`);
      const cwd = `${daemon.folder}/vaults/${name}`;
      const ran = await heph(['import', 'obsidian', '.', '--json'], { cwd });
      expect(ran.json()).toMatchObject({ created: 1, updated: 0 });
    }
    symlinkSync('home', `${daemon.folder}/vaults/link`);
    for (const spelling of ['home', 'home/.', './home/', 'link']) {
      const path = `${daemon.folder}/vaults/${spelling}`;
      const ran = await heph(['import', 'obsidian', path, '--json']);
      expect(ran.json()).toMatchObject({ created: 0, updated: 0, unchanged: 1 });
    }
  });

  test('standard input is as good as a file, and --keep takes in as well', async () => {
    const input = '(A) Read from standard input\nSecond of them\n';
    const ran = await heph(['import', 'todotxt', '-', '--keep', '--json'], { input });
    expect(ran.code).toBe(0);
    expect(ran.json()).toMatchObject({ created: 2, problems: [] });
    expect((await list(heph)).map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Read from standard input', 'Second of them']),
    );
    expect((await heph(['undo'])).code).toBe(0);
    expect((await list(heph)).map(({ title }) => title)).not.toContain('Second of them');
  });

  test.each(['heph', 'taskwarrior'])(
    '%s that is cut off: the place is named, nothing is taken',
    async (format) => {
      const before = await transactions();
      const whole =
        format === 'heph'
          ? (await heph(['export'])).stdout
          : readFileSync('fixtures/import/taskwarrior.json', 'utf8');
      const ran = await heph(['import', format, '-'], { input: whole.slice(0, whole.length / 2) });
      expect(ran.code).toBe(1);
      expect(ran.stderr).toMatch(
        /^standard input, line \d+, column \d+: cannot read this as JSON: .*nothing was taken/m,
      );
      expect(await transactions()).toBe(before);
    },
  );

  test.each([
    [['import', 'csv', 'x'], 2, 'cannot import "csv"'],
    [['import', 'todotxt', '/nonexistent'], 1, 'cannot read /nonexistent: there is no such file'],
    [['import', 'obsidian', '/nonexistent'], 1, 'cannot read the folder /nonexistent'],
    [['export', '--format', 'markdown'], 2, 'cannot export markdown without a folder'],
    [['export', '--format', 'csv', 'x'], 2, 'cannot use "csv" as --format'],
  ])('%j fails', async (args, code, says) => {
    const ran = await heph(args);
    expect(ran.code).toBe(code);
    expect(ran.stderr.startsWith(says)).toBe(true);
  });

  test.each(['json', 'markdown'])(
    'an export as %s, imported by another hephd, gives the same list',
    async (format) => {
      await heph(['import', 'taskwarrior', 'fixtures/import/taskwarrior.json']);
      const { node_id: id } = (
        await heph(['task', 'Noted', '--context', 'See [[Home]].\n', '--tag', 'a', '--json'])
      ).json<{ node_id: string }>();
      await heph(['log', id, 'One line\nand another']);
      await heph(['done', id]);
      const path = `${daemon.folder}/out-${format}`;
      const ran = await heph(['export', path, '--format', format]);
      expect(ran.stdout).toMatch(/^exported \d+ nodes to .*\n$/);
      expect(statSync(path).mode & 0o077).toBe(0);
      await using other = await startDaemon();
      const there = hephOn(other.socket, build);
      expect(await there(['import', 'heph', path])).toMatchObject({ code: 0, stderr: '' });
      expect(await list(there)).toEqual(await list(heph));
      const log = async (of: Heph) => (await of(['log', id, '--json'])).json();
      expect(await log(there)).toEqual(await log(heph));
      const again = (await there(['import', 'heph', path, '--json'])).json<Imported>();
      expect(again).toMatchObject({ created: 0, updated: 0 });
    },
  );

  test('an export replaces nothing, and leaves nothing where it fails', async () => {
    const folder = `${daemon.folder}/full`;
    mkdirSync(folder);
    writeFileSync(`${folder}/mine`, 'mine');
    const failed = await Promise.all([
      heph(['export', `${folder}/mine`]),
      heph(['export', '--format', 'markdown', folder]),
      heph(['export', `${folder}/none/x.json`]),
    ]);
    for (const { code, stderr } of failed) {
      expect(code).toBe(1);
      expect(stderr).toMatch(/^cannot write /);
    }
    expect(readdirSync(folder)).toEqual(['mine']);
    expect(readFileSync(`${folder}/mine`, 'utf8')).toBe('mine');
    expect(readdirSync(daemon.folder).filter((name) => name.includes('.part'))).toEqual([]);
    expect((await heph(['task', 'Works as ever'])).code).toBe(0);
  });
});
