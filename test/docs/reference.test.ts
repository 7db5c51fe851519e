import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { root } from '../../scripts/support.ts';
import { Sandbox } from '../support/sandbox.ts';

const docs = (...args: string[]) =>
  execa(process.execPath, [`${root}/scripts/docs.ts`, ...args], { reject: false });

test('the reference says what the code says', async () => {
  expect(await docs('--check')).toMatchObject({ exitCode: 0, stderr: '' });
});

test('a page that drifted is named, and written anew', async () => {
  await using sandbox = await Sandbox.make();
  await cp(`${root}/docs`, sandbox.path, { recursive: true });
  const path = sandbox.at('reference/cli.md');
  const page = await readFile(path, 'utf8');
  await writeFile(path, page.replace('Show what is next', 'Show what was next'));
  const check = await docs('--check', sandbox.path);
  expect(check.exitCode).toBe(1);
  expect(check.stderr).toBe(`${path} is not what the code says: run npm run docs`);
  expect(await docs(sandbox.path)).toMatchObject({ exitCode: 0 });
  expect(await readFile(path, 'utf8')).toBe(page);
});

test('what is written by hand is left alone', async () => {
  await using sandbox = await Sandbox.make();
  await cp(`${root}/docs`, sandbox.path, { recursive: true });
  const path = sandbox.at('reference/config.md');
  const page = `${await readFile(path, 'utf8')}\nBy hand.\n`;
  await writeFile(path, page);
  expect(await docs('--check', sandbox.path)).toMatchObject({ exitCode: 0 });
});

test('a schema that drifted, one that is missing and one of no command are named, and mended', async () => {
  await using sandbox = await Sandbox.make();
  await cp(`${root}/docs`, sandbox.path, { recursive: true });
  const path = (name: string) => sandbox.at('reference', 'schemas', name);
  const before = await readFile(path('next.json'), 'utf8');
  await writeFile(path('next.json'), before.replace('node_id', 'id'));
  await rm(path('task.json'));
  await writeFile(path('sing.json'), '{}\n');
  const check = await docs('--check', sandbox.path);
  expect(check.exitCode).toBe(1);
  expect(check.stderr.split('\n')).toEqual(
    ['next.json', 'sing.json', 'task.json'].map(
      (name) => `${path(name)} is not what the code says: run npm run docs`,
    ),
  );
  expect(await docs(sandbox.path)).toMatchObject({ exitCode: 0 });
  expect(await readFile(path('next.json'), 'utf8')).toBe(before);
  expect(await docs('--check', sandbox.path)).toMatchObject({ exitCode: 0 });
});
