import { cp, readFile, writeFile } from 'node:fs/promises';
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
