import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HephError } from '#core/errors.ts';
import { backUp } from '#store/backup.ts';
import { problemsOfFile } from '#store/check.ts';
import { openReader } from '#store/open.ts';
import { Core } from '../../support/builders.ts';
import { Sandbox } from '../../support/sandbox.ts';

/** Told of each step that touches a file, before it is taken; may throw in its place. */
const steps = vi.hoisted(() => ({ before: null as ((step: string) => void) | null }));
vi.mock('node:fs', async (original) => {
  const real = await original<Record<string, unknown>>();
  const watched = new Set([
    'linkSync',
    'renameSync',
    'rmSync',
    'fsyncSync',
    'mkdirSync',
    'copyFileSync',
  ]);
  const faulty = Object.entries(real).map(([name, call]) => {
    if (!watched.has(name)) return [name, call];
    const run = (...args: unknown[]) => {
      steps.before?.(name);
      return (call as (...all: unknown[]) => unknown)(...args);
    };
    return [name, run];
  });
  return Object.fromEntries(faulty) as object;
});

let sandbox: Sandbox;
let core: Core;
let next: string;
let kept: string;
/** A store with "New" in it, and beside it one with "Old", to be put in its place. */
beforeEach(async () => {
  sandbox = await Sandbox.make();
  mkdirSync(sandbox.at('data'));
  core = new Core({ path: sandbox.at('data', 'heph.db') });
  next = sandbox.at('data', 'heph.db.restoring');
  kept = sandbox.at('data', 'backups', 'replaced.db');
  await core.file('Old');
  await backUp(core.db, next, { check: async () => [] });
  await core.file('New');
});
afterEach(async () => {
  steps.before = null;
  await core[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
});

function titlesIn(path: string): string[] {
  expect(problemsOfFile(path)).toEqual([]);
  const db = new Sqlite(path, { readonly: true });
  try {
    return db.prepare('SELECT title FROM nodes ORDER BY n').pluck().all() as string[];
  } finally {
    db.close();
  }
}

const titles = () =>
  core
    .list()
    .map(({ title }) => title)
    .toSorted();

test('what was there is kept whole, and what comes is used from then on', async () => {
  const origin = core.store.origin;
  core.store.replace(next, kept);
  expect(titles()).toEqual(['Old']);
  expect(titlesIn(kept)).toEqual(['Old', 'New']);
  expect(core.store.origin).toBe(origin);
  await core.file('Newer');
  expect(titles()).toEqual(['Newer', 'Old']);
  expect(titlesIn(kept)).toEqual(['Old', 'New']);
  expect(existsSync(next)).toBe(false);
  core.store[Symbol.dispose]();
  expect(titlesIn(core.store.path)).toEqual(['Old', 'Newer']);
  core = new Core({ path: core.store.path });
});

test('and can be put back in the same way', () => {
  core.store.replace(next, kept);
  core.store.replace(kept, sandbox.at('data', 'backups', 'again.db'));
  expect(titles()).toEqual(['New', 'Old']);
});

test('what is no store changes nothing', () => {
  expect(() => core.store.replace(sandbox.path, kept)).toThrow(/^cannot open the store/);
  expect(titles()).toEqual(['New', 'Old']);
  expect(existsSync(kept)).toBe(false);
});

test('another program that reads the store keeps it in place: what it wrote last would be lost', async () => {
  const other = openReader(core.store.path);
  other.exec('BEGIN');
  other.prepare('SELECT count(*) FROM nodes').get();
  core.db.pragma('busy_timeout = 10');
  await core.file('Newest');
  let problem: unknown;
  try {
    core.store.replace(next, kept);
  } catch (error) {
    problem = (error as HephError).problem;
  }
  other.close();
  expect(problem).toMatchObject({ code: 'bad_backup', path: core.store.path });
  expect(titles()).toEqual(['New', 'Newest', 'Old']);
  expect(existsSync(kept)).toBe(false);
  core.store.replace(next, kept);
  expect(titlesIn(kept)).toEqual(['Old', 'New', 'Newest']);
});

test('where a file can have one name only, what was there is kept as a copy', () => {
  steps.before = (step) => {
    if (step === 'linkSync')
      throw Object.assign(new Error('no'), { code: 'EPERM', syscall: 'link' });
  };
  core.store.replace(next, kept);
  expect(titles()).toEqual(['Old']);
  expect(titlesIn(kept)).toEqual(['Old', 'New']);
});

test('a store that cannot be opened once it is in place is opened when it can be', async () => {
  const { path } = core.store;
  steps.before = (step) => {
    if (step !== 'rmSync') return;
    steps.before = null;
    renameSync(path, `${path}.away`);
    mkdirSync(path);
  };
  expect(() => core.store.replace(next, kept)).toThrow(/^cannot open the store/);
  expect(titles).toThrow(/^cannot open the store/);
  rmdirSync(path);
  renameSync(`${path}.away`, path);
  expect(titles()).toEqual(['Old']);
  await core.file('Newer');
  expect(titles()).toEqual(['Newer', 'Old']);
});

/** Every step there is, counted without disturbing any. */
function countSteps(): number {
  let count = 0;
  steps.before = () => void count++;
  core.store.replace(next, kept);
  steps.before = null;
  return count;
}

const WHOLE = [['New', 'Old'], ['Old']];

describe('whatever happens on the way', () => {
  test('whenever the machine stops, a whole store is in place, and nothing is lost', () => {
    const moments: string[] = [];
    steps.before = () => {
      const moment = sandbox.at(`moment-${moments.length}`);
      moments.push(moment);
      const before = steps.before;
      steps.before = null;
      cpSync(sandbox.at('data'), moment, { recursive: true });
      steps.before = before;
    };
    core.store.replace(next, kept);
    steps.before = null;
    expect(moments.length).toBeGreaterThan(4);
    for (const moment of moments) {
      const there = titlesIn(`${moment}/heph.db`).toSorted();
      expect(WHOLE).toContainEqual(there);
      if (there.length === 1) expect(titlesIn(`${moment}/backups/replaced.db`)).toHaveLength(2);
    }
  });

  test('whichever step fails, a whole store is in place, is open, and nothing is lost', async () => {
    const count = countSteps();
    expect(count).toBeGreaterThan(4);
    for (let failing = 0; failing < count; failing++) {
      core.store[Symbol.dispose]();
      const folder = sandbox.at(`failing-${failing}`);
      mkdirSync(folder);
      core = new Core({ path: `${folder}/heph.db` });
      await core.file('Old');
      await backUp(core.db, `${folder}/next`, { check: async () => [] });
      await core.file('New');
      let step = 0;
      steps.before = () => {
        if (step++ === failing) throw Object.assign(new Error('no'), { code: 'EIO', syscall: 'x' });
      };
      expect(() => core.store.replace(`${folder}/next`, `${folder}/b/kept`)).toThrow('no');
      steps.before = null;
      expect(WHOLE).toContainEqual(titles());
      if (titles().length === 1) expect(titlesIn(`${folder}/b/kept`)).toHaveLength(2);
      else if (existsSync(`${folder}/b`)) expect(readdirSync(`${folder}/b`)).toEqual([]);
      await core.file('After');
      expect(titles()).toContain('After');
    }
  });
});
