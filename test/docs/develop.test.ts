import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { root } from '../../scripts/support.ts';
import { Sandbox } from '../support/sandbox.ts';
import { hostShell } from './host-shell.ts';
import { runHowTo } from './how-to.ts';
import { readPage } from './pages.ts';

/** What a clone has not. */
const NOT_OURS = new Set(['.git', '.dev', '.cache', 'build', 'dist', 'node_modules']);

test('develop.md does what it says, in a copy of the tree', { timeout: 300_000 }, async () => {
  await using sandbox = await Sandbox.make();
  const clone = sandbox.at('heph');
  await mkdir(clone);
  const names = (await readdir(root)).filter((name) => !NOT_OURS.has(name));
  await Promise.all(
    names.map((name) => cp(`${root}/${name}`, `${clone}/${name}`, { recursive: true })),
  );
  await symlink(`${root}/node_modules`, `${clone}/node_modules`);
  const shell = hostShell(clone, {
    HOME: sandbox.path,
    PATH: `${root}/node_modules/.bin:${process.env['PATH']}`,
    npm_config_update_notifier: 'false',
  });
  const page = await readPage('docs/how-to/develop.md');
  expect(await runHowTo(page, shell, sandbox.at('state'))).toBeGreaterThan(12);
});
