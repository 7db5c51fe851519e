import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readFolder, readImport } from '#node/import-files.ts';
import { Sandbox } from '../../support/sandbox.ts';

let sandbox: Sandbox;
let cleanup: AsyncDisposableStack;
beforeEach(async () => {
  cleanup = new AsyncDisposableStack();
  sandbox = cleanup.use(await Sandbox.make());
});
afterEach(() => cleanup[Symbol.asyncDispose]());

const LATIN1 = Buffer.from([0x68, 0xe9, 0x0a]);

describe('a folder', () => {
  test('is read with those in it, in order; the rest is named or reported', async () => {
    mkdirSync(sandbox.at('b/c'), { recursive: true });
    mkdirSync(sandbox.at('.obsidian'));
    writeFileSync(sandbox.at('.obsidian/hidden.md'), '');
    writeFileSync(sandbox.at('.hidden.md'), '');
    writeFileSync(sandbox.at('b/c/deep.md'), 'deep\r\n');
    writeFileSync(sandbox.at('b/Z.MD'), '\uFEFFé');
    writeFileSync(sandbox.at('a.md'), '');
    writeFileSync(sandbox.at('pic.png'), LATIN1);
    writeFileSync(sandbox.at('latin1.md'), LATIN1);
    writeFileSync(sandbox.at('long.md'), 'x'.repeat(101));
    writeFileSync(sandbox.at('just.md'), 'x'.repeat(100));
    symlinkSync('a.md', sandbox.at('link.md'));
    symlinkSync('..', sandbox.at('b/up'));

    const { name, files, others, problems } = await readFolder(sandbox.path, '.md', 100);
    expect(name).toBe(basename(sandbox.path));
    expect(files.map(({ path, text }) => [path, text])).toEqual([
      ['a.md', ''],
      ['b/Z.MD', 'é'],
      ['b/c/deep.md', 'deep\r\n'],
      ['just.md', 'x'.repeat(100)],
    ]);
    for (const { mtimeMs } of files) expect(mtimeMs).toBeGreaterThan(0);
    expect(others).toEqual(['pic.png']);
    expect(problems).toEqual([
      { place: 'b/up', why: 'cannot read this: it is a link' },
      { place: 'latin1.md', why: 'cannot read this: it is not UTF-8 text' },
      { place: 'link.md', why: 'cannot read this: it is a link' },
      { place: 'long.md', why: 'cannot read this: it has 101 bytes, and 100 is the most' },
    ]);
  });

  test.each(['vault', 'vault/.', './vault//', 'vault/b/..', 'link', 'link/', 'link/.'])(
    'that is called %s has the name that it really has',
    async (spelling) => {
      mkdirSync(sandbox.at('vault/b'), { recursive: true });
      symlinkSync('vault', sandbox.at('link'));
      for (const from of [sandbox.path, relative(process.cwd(), sandbox.path)]) {
        expect((await readFolder(`${from}/${spelling}`, '.md', 100)).name).toBe('vault');
      }
    },
  );

  test.each([
    ['nowhere', 'there is no such file'],
    ['file', 'it is no folder'],
  ])('%s is none', async (name, why) => {
    writeFileSync(sandbox.at('file'), '');
    const path = sandbox.at(name);
    await expect(readFolder(path, '.md', 100)).rejects.toThrow(
      `cannot read the folder ${path}: ${why}`,
    );
  });
});

describe('a file', () => {
  test('is read without its mark', () => {
    writeFileSync(sandbox.at('file'), '\uFEFFa\r\n');
    expect(readImport(sandbox.at('file'))).toBe('a\r\n');
  });

  test.each([
    ['nowhere', 'there is no such file'],
    ['.', 'it is a folder'],
    ['latin1', 'it is not UTF-8 text'],
  ])('%s cannot be read', (name, why) => {
    writeFileSync(sandbox.at('latin1'), LATIN1);
    const path = sandbox.at(name);
    expect(() => readImport(path)).toThrow(`cannot read ${path}: ${why}`);
  });
});
