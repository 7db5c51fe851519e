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
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isFolder, writeNewFile, writeNewFolder } from '#node/export-files.ts';
import { Sandbox } from '../../support/sandbox.ts';

/** Calls of the file system that fail, by name. */
const faults = vi.hoisted(() => new Map<string, string>());
vi.mock('node:fs/promises', async (original) => {
  const real = await original<Record<string, unknown>>();
  const faulty = ['link', 'rename', 'mkdir', 'open', 'rm'].map((name) => {
    const run = (...args: unknown[]) => {
      const code = faults.get(name);
      if (code !== undefined) return Promise.reject(Object.assign(new Error(`${code}!`), { code }));
      return (real[name] as (...all: unknown[]) => unknown)(...args);
    };
    return [name, run];
  });
  return { ...real, ...(Object.fromEntries(faulty) as object) };
});

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.make();
});
afterEach(async () => {
  faults.clear();
  await sandbox[Symbol.asyncDispose]();
});

const there = () => readdirSync(sandbox.path).toSorted();
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

async function* texts(...parts: string[]) {
  yield* parts;
}

async function* files(...names: string[]) {
  for (const name of names) yield { path: name, text: `# ${name}` };
}

/** Something, and then no more of it. */
async function* broken<T>(one: T): AsyncGenerator<T> {
  yield one;
  throw new TypeError('hephd has gone');
}

test('a file is written whole, for nobody else to read', async () => {
  const path = sandbox.at('all.json');
  await writeNewFile(path, texts('{"a":', '1}'));
  expect(readFileSync(path, 'utf8')).toBe('{"a":1}');
  expect(modeOf(path)).toBe('600');
  expect(there()).toEqual(['all.json']);
});

test.each(['new', 'new/'])('a new folder is written whole: %s', async (name) => {
  await writeNewFolder(`${sandbox.path}/${name}`, files('a.md', 'b/c/d.md'));
  expect(readFileSync(sandbox.at(name, 'b/c/d.md'), 'utf8')).toBe('# b/c/d.md');
  expect(modeOf(sandbox.at(name))).toBe('700');
  expect(there()).toEqual(['new']);
});

test.each(['empty', 'empty/', 'empty/.'])(
  'an empty folder is filled, and stays the same, as somebody may be in it: %s',
  async (name) => {
    mkdirSync(sandbox.at('empty'));
    chmodSync(sandbox.at('empty'), 0o755);
    // As one that was ended has left it.
    mkdirSync(sandbox.at('empty', 'heph.0123456789ab.part'));
    const { ino } = statSync(sandbox.at('empty'));
    await writeNewFolder(`${sandbox.path}/${name}`, files('a.md', 'b/c/d.md'));
    expect(readFileSync(sandbox.at('empty', 'b/c/d.md'), 'utf8')).toBe('# b/c/d.md');
    expect(statSync(sandbox.at('empty')).ino).toBe(ino);
    expect(modeOf(sandbox.at('empty'))).toBe('755');
    expect(readdirSync(sandbox.at('empty')).toSorted()).toEqual(['a.md', 'b']);
    expect(there()).toEqual(['empty']);
  },
);

describe('what is there is never replaced, and nobody asked for it is removed:', () => {
  test.each<[string, (path: string) => void]>([
    ['a file', (path) => writeFileSync(path, 'mine')],
    ['a folder that is not empty', (path) => void mkdirSync(`${path}/x`, { recursive: true })],
    ['a link to nowhere', (path) => symlinkSync('/nonexistent/x', path)],
  ])('%s', async (_, make) => {
    const path = sandbox.at('x');
    make(path);
    await expect(writeNewFile(path, texts('a'))).rejects.toThrow(/^cannot write .*there already/);
    await expect(writeNewFolder(path, files('a'))).rejects.toThrow(/^cannot write .*there already/);
    expect(there()).toEqual(['x']);
  });

  test('a file that appears meanwhile', async () => {
    const path = sandbox.at('x');
    const slow = async function* () {
      yield 'theirs';
      writeFileSync(path, 'mine');
    };
    await expect(writeNewFile(path, slow())).rejects.toThrow(
      /^cannot write .*: it is there already/,
    );
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect(there()).toEqual(['x']);
  });

  test('a folder or file of yours that is called as a part might be', async () => {
    mkdirSync(sandbox.at('notes.part'));
    writeFileSync(sandbox.at('notes.part', 'mine.md'), 'mine');
    await writeNewFolder(sandbox.at('notes'), files('a.md'));
    await expect(writeNewFile(sandbox.at('notes'), texts('a'))).rejects.toThrow(/^cannot/);
    expect(readFileSync(sandbox.at('notes.part', 'mine.md'), 'utf8')).toBe('mine');
  });
});

describe('what cannot be written leaves nothing', () => {
  test.each([
    ['link', 'ENOSPC', 'the disk is full'],
    ['open', 'EACCES', 'it is not yours to write there'],
    ['open', 'EROFS', 'the disk is read-only'],
    ['open', 'EIO', 'EIO!'],
  ])('of a file: %s fails with %s', async (call, code, why) => {
    faults.set(call, code);
    const path = sandbox.at('x');
    await expect(writeNewFile(path, texts('a'))).rejects.toThrow(`cannot write ${path}: ${why}`);
    expect(there()).toEqual([]);
  });

  test('what stands in the way of removing it, too, does not hide why', async () => {
    faults.set('open', 'EACCES').set('rm', 'EACCES');
    const path = sandbox.at('x');
    await expect(writeNewFile(path, texts('a'))).rejects.toThrow(
      `cannot write ${path}: it is not yours to write there`,
    );
  });

  test('nor what ends in between, and its own reason is told', async () => {
    await expect(writeNewFile(sandbox.at('x'), broken('{'))).rejects.toThrow('hephd has gone');
    const some = broken({ path: 'a/b.md', text: '' });
    await expect(writeNewFolder(sandbox.at('y'), some)).rejects.toThrow('hephd has gone');
    expect(there()).toEqual([]);
  });

  test('of a folder: it cannot be put in its place', async () => {
    faults.set('rename', 'ENOSPC');
    await expect(writeNewFolder(sandbox.at('x'), files('a'))).rejects.toThrow('the disk is full');
    expect(there()).toEqual([]);
  });

  test('beyond a file there is no folder', async () => {
    writeFileSync(sandbox.at('x'), 'mine');
    const path = sandbox.at('x', 'y');
    const why = `cannot write ${path}: a part of its path is no folder`;
    await expect(writeNewFile(path, texts('a'))).rejects.toThrow(why);
    await expect(writeNewFolder(path, files('a'))).rejects.toThrow(why);
    expect(there()).toEqual(['x']);
  });

  test('a folder that is not there is not made', async () => {
    const path = sandbox.at('none', 'x');
    await expect(writeNewFile(path, texts('a'))).rejects.toThrow(
      `cannot write ${path}: there is no such folder`,
    );
    expect(existsSync(sandbox.at('none'))).toBe(false);
  });
});

test('where a file can have one name only, as on many USB sticks, it is written all the same', async () => {
  faults.set('link', 'EPERM');
  await writeNewFile(sandbox.at('x'), texts('a'));
  expect(readFileSync(sandbox.at('x'), 'utf8')).toBe('a');
  expect(there()).toEqual(['x']);
});

test('a folder is told from all else', async () => {
  writeFileSync(sandbox.at('x'), '');
  const told = [sandbox.path, sandbox.at('x'), sandbox.at('none')].map(isFolder);
  expect(await Promise.all(told)).toEqual([true, false, false]);
});
