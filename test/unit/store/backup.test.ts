import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HephError } from '#core/errors.ts';
import { backUp, removeParts } from '#store/backup.ts';
import { problemsOfFile } from '#store/check.ts';
import { dump, Core } from '../../support/builders.ts';
import { Sandbox } from '../../support/sandbox.ts';

/** Calls of the file system that fail, by name. */
const faults = vi.hoisted(() => new Map<string, string>());
vi.mock('node:fs', async (original) => {
  const real = await original<Record<string, unknown>>();
  const faulty = Object.entries(real).map(([name, call]) => {
    if (typeof call !== 'function' || !name.endsWith('Sync')) return [name, call];
    const run = (...args: unknown[]) => {
      const code = faults.get(name);
      if (code !== undefined)
        throw Object.assign(new Error(`${code}: no, ${name}`), { code, syscall: name });
      return (call as (...all: unknown[]) => unknown)(...args);
    };
    return [name, run];
  });
  return Object.fromEntries(faulty) as object;
});

let sandbox: Sandbox;
let core: Core;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  mkdirSync(sandbox.at('store'));
  core = new Core({ path: sandbox.at('store', 'heph.db') });
  await core.file('Buy milk', { context: 'Two litres.\n', tags: ['shop'] });
});
afterEach(async () => {
  faults.clear();
  await core[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
});

const check = async (path: string) => problemsOfFile(path);
const copyTo = (path: string) => backUp(core.db, path, { check });
const problem = (made: Promise<unknown>) =>
  made.then(
    () => null,
    (error: HephError) => error.problem,
  );

/** All that is in a store's file. */
function contents(path: string) {
  const db = new Sqlite(path, { readonly: true });
  try {
    return dump(db);
  } finally {
    db.close();
  }
}

describe('a backup', () => {
  test('is one file, all of the store, sound, and nobody else may read it', async () => {
    const path = sandbox.at('new', 'folder', 'copy.db');
    const told: [number, number][] = [];
    const bytes = await backUp(core.db, path, {
      check,
      onProgress: (done, total) => told.push([done, total]),
    });
    expect(readdirSync(sandbox.at('new', 'folder'))).toEqual(['copy.db']);
    expect(statSync(path).size).toBe(bytes);
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
    expect((statSync(sandbox.at('new')).mode & 0o777).toString(8)).toBe('700');
    expect(problemsOfFile(path)).toEqual([]);
    expect(contents(path)).toEqual(dump(core.db));
    expect(readFileSync(path).subarray(18, 20)).toEqual(Buffer.from([1, 1]));
    expect(readdirSync(sandbox.at('new', 'folder'))).toEqual(['copy.db']);
    for (const [done, total] of told) expect(done).toBeLessThanOrEqual(total);
  });

  test('made while the store is written has all that was acknowledged before it began', async () => {
    await core.file('Long', { context: 'x'.repeat(5_000_000) });
    const before = dump(core.db);
    let written = 0;
    const made = backUp(core.db, sandbox.at('copy.db'), {
      check,
      onProgress: () => void core.file(`Meanwhile ${written++}`),
    });
    await made;
    expect(written).toBeGreaterThan(2);
    const copy = contents(sandbox.at('copy.db'));
    expect(copy['tasks']?.length).toBeGreaterThanOrEqual(before['tasks']?.length ?? 0);
    expect(copy['changes']?.slice(0, before['changes']?.length)).toEqual(before['changes']);
    expect(problemsOfFile(sandbox.at('copy.db'))).toEqual([]);
  });
});

describe('what is there is never replaced:', () => {
  test.each<[string, (path: string) => void, string]>([
    ['a file', (path) => writeFileSync(path, 'mine'), 'a file is there already'],
    ['a folder', (path) => mkdirSync(path), 'it is a folder; name a file in it'],
    ['a link to nowhere', (path) => symlinkSync('/nonexistent/x', path), 'a file is there already'],
  ])('%s', async (_, make, why) => {
    const path = sandbox.at('copy.db');
    make(path);
    expect(await problem(copyTo(path))).toEqual({
      code: 'bad_backup',
      path,
      why,
    });
    expect(readdirSync(sandbox.path).toSorted()).toEqual(['copy.db', 'store']);
  });

  test('a file that appears meanwhile', async () => {
    const path = sandbox.at('copy.db');
    const made = backUp(core.db, path, {
      check: async () => {
        writeFileSync(path, 'mine');
        return [];
      },
    });
    expect(await problem(made)).toMatchObject({ why: 'a file is there already' });
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  test('a file that is called as its parts might be', async () => {
    for (const name of ['copy.db.part', 'copy.db-journal']) writeFileSync(sandbox.at(name), 'mine');
    await copyTo(sandbox.at('copy.db'));
    expect(readFileSync(sandbox.at('copy.db.part'), 'utf8')).toBe('mine');
  });
});

describe('one that cannot be made leaves nothing, says why, and the store goes on', () => {
  const path = () => sandbox.at('copy.db');

  test.each([
    ['openSync', 'EACCES', 'it is not yours to write there'],
    ['openSync', 'EROFS', 'the disk is read-only'],
    ['mkdirSync', 'ENOTDIR', 'a part of its path is no folder'],
    ['fsyncSync', 'ENOSPC', 'the disk is full'],
    ['fsyncSync', 'EIO', 'EIO: no, fsyncSync'],
    ['linkSync', 'ENOSPC', 'the disk is full'],
  ])('%s fails with %s', async (call, code, why) => {
    faults.set(call, code);
    const told = await problem(copyTo(path()));
    faults.clear();
    expect(told).toEqual({ code: 'bad_backup', path: path(), why });
    expect(readdirSync(sandbox.path)).toEqual(['store']);
    await core.file('After');
    await copyTo(path());
    expect(contents(path())).toEqual(dump(core.db));
  });

  test.each(['', '/deeper'])('on a path through a file%s', async (more) => {
    writeFileSync(path(), 'mine');
    const beyond = `${path()}${more}/heph.db`;
    expect(await problem(copyTo(beyond))).toEqual({
      code: 'bad_backup',
      path: beyond,
      why: 'a part of its path is no folder',
    });
    expect(readFileSync(path(), 'utf8')).toBe('mine');
  });

  test('the copy is not sound', async () => {
    const made = backUp(core.db, path(), { check: async () => ['page 7 is missing', 'more'] });
    expect(await problem(made)).toMatchObject({ why: 'the copy is damaged: page 7 is missing' });
    expect(readdirSync(sandbox.path)).toEqual(['store']);
  });

  test('it is told to stop', async () => {
    const stop = () => {
      throw new Error('leaving');
    };
    await expect(backUp(core.db, path(), { check, onProgress: stop })).rejects.toThrow('leaving');
    expect(readdirSync(sandbox.path)).toEqual(['store']);
  });
});

describe('where a file can have one name only, as on many USB sticks', () => {
  test.each(['EPERM', 'ENOTSUP', 'EXDEV'])('(%s) it is made all the same', async (code) => {
    faults.set('linkSync', code);
    await copyTo(sandbox.at('copy.db'));
    expect(contents(sandbox.at('copy.db'))).toEqual(dump(core.db));
    expect((statSync(sandbox.at('copy.db')).mode & 0o777).toString(8)).toBe('600');
    expect(readdirSync(sandbox.path).toSorted()).toEqual(['copy.db', 'store']);
  });

  test('a file that appears meanwhile is not replaced there either', async () => {
    faults.set('linkSync', 'EPERM');
    const path = sandbox.at('copy.db');
    const made = backUp(core.db, path, {
      check: async () => {
        writeFileSync(path, 'mine');
        return [];
      },
    });
    expect(await problem(made)).toMatchObject({ why: 'a file is there already' });
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });
});

test('what backups left that were cut short is removed, and nothing else', () => {
  const folder = sandbox.at('backups');
  removeParts(folder);
  expect(existsSync(folder)).toBe(false);
  mkdirSync(folder);
  const parts = ['a.db.0123456789ab.part', 'a.db.0123456789ab.part-journal'];
  const others = ['a.db', 'a.db.part', 'notes.part', 'x.0123456789ab.partial'];
  for (const name of [...parts, ...others]) writeFileSync(`${folder}/${name}`, '');
  removeParts(folder, 'b.db');
  expect(readdirSync(folder)).toHaveLength(6);
  removeParts(folder, 'a.');
  expect(readdirSync(folder).toSorted()).toEqual(others.toSorted());
  chmodSync(folder, 0o700);
});

describe('what cannot be used as a backup', () => {
  test.each<[string, (path: string) => void, RegExp]>([
    ['is not there', () => undefined, /^there is no such file$/],
    ['is a folder', (path) => mkdirSync(path), /^it is no file$/],
    ['is a text', (path) => writeFileSync(path, '{}'), /^it is not an SQLite database$/],
    [
      "is another program's",
      (path) => new Sqlite(path).exec('CREATE TABLE a (b)').close(),
      /^it is an SQLite database of another program$/,
    ],
  ])('%s: one reason, and no word of the store', (_, make, why) => {
    const path = sandbox.at('x');
    make(path);
    const [only, ...more] = problemsOfFile(path);
    expect(only).toMatch(why);
    expect(more).toEqual([]);
  });
});
