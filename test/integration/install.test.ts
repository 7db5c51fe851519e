import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root } from '../../scripts/support.ts';
import { Sandbox } from '../support/sandbox.ts';

/** What install.sh links, and what it lies under in an artefact. */
const LINKS = {
  '.local/bin/heph': 'bin/heph',
  '.local/bin/hephd': 'bin/hephd',
  '.local/share/man/man1/heph.1': 'share/man/man1/heph.1',
  '.local/share/man/man1/heph-task.1': 'share/man/man1/heph-task.1',
  '.local/share/bash-completion/completions/heph': 'share/bash-completion/completions/heph',
  '.local/share/zsh/site-functions/_heph': 'share/zsh/site-functions/_heph',
  '.config/fish/completions/heph.fish': 'share/fish/vendor_completions.d/heph.fish',
  '.local/share/nvim/site/pack/heph/start/heph.nvim/plugin/heph.lua': 'heph.nvim/plugin/heph.lua',
};

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.make();
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const home = (path: string) => sandbox.at('home', path);
const textOf = (path: string) => readFileSync(home(path), 'utf8');

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** The files of an artefact, each of which says its version. */
function unpack(version: string, files: readonly string[] = Object.values(LINKS)): string {
  const folder = sandbox.at(`heph-${version}`);
  for (const file of [...files, 'VERSION']) write(`${folder}/${file}`, version);
  cpSync(`${root}/scripts/artefact/install.sh`, `${folder}/install.sh`);
  write(`${folder}/launcher/hephd`, `launcher of ${version}`);
  return `${folder}/install.sh`;
}

function run(script: string, args: string[] = [], env: Record<string, string> = {}) {
  return execa('sh', [script, ...args], {
    env: { HOME: sandbox.at('home'), PATH: process.env['PATH'] ?? '', ...env },
    extendEnv: false,
    reject: false,
  });
}

test('programs, pages and completions are where they are looked for', async () => {
  const { exitCode, stdout } = await run(unpack('1.0.0'));
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^installed heph 1\.0\.0 in .*\n.*\nnext: heph daemon start$/);
  for (const link of Object.keys(LINKS)) expect(textOf(link)).toBe('1.0.0');
});

test('again, and with another version, they are those of the last one', async () => {
  await run(unpack('1.0.0'));
  await run(unpack('1.0.0'));
  const files = Object.values(LINKS).filter((file) => !file.endsWith('/heph-task.1'));
  expect(await run(unpack('1.1.0', files))).toMatchObject({ exitCode: 0, stderr: '' });
  expect(textOf('.local/bin/heph')).toBe('1.1.0');
  expect(textOf('.local/share/man/man1/heph.1')).toBe('1.1.0');
  const gone = home('.local/share/man/man1/heph-task.1');
  expect(() => readlinkSync(gone), 'a page that the new version does not have').toThrow('ENOENT');
});

test('--links makes the links of one version, and nothing else', async () => {
  await run(unpack('1.0.0'));
  const page = '.local/share/man/man1/heph-new.1';
  const versions = home('.local/share/heph/versions');
  write(`${versions}/1.1.0/share/man/man1/heph-new.1`, '1.1.0');
  cpSync(`${root}/scripts/artefact/install.sh`, `${versions}/1.1.0/install.sh`);
  const linked = await run(`${versions}/1.1.0/install.sh`, ['--links']);
  expect(linked).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  expect(readlinkSync(home(page))).toBe(
    home('.local/share/heph/current/share/man/man1/heph-new.1'),
  );
  expect(readlinkSync(home('.local/share/heph/current'))).toBe('versions/1.0.0');
  expect(existsSync(home('.local/share/man/man1/heph-task.1'))).toBe(false);
});

test('the launcher is that of the last one, and no update is on probation any more', async () => {
  const [launcher, probation] = ['launcher/hephd', 'update/probation'];
  await run(unpack('1.0.0'));
  write(home(`.local/share/heph/${probation}`), 'from 1.0.0');
  await run(unpack('1.1.0'));
  expect(textOf(`.local/share/heph/${launcher}`)).toBe('launcher of 1.1.0');
  // What hephd will run is nobody else's to change.
  for (const folder of ['versions', 'launcher'])
    expect(statSync(home(`.local/share/heph/${folder}`)).mode & 0o777).toBe(0o700);
  expect(existsSync(home(`.local/share/heph/${probation}`))).toBe(false);
});

test('what somebody else put there is neither replaced nor removed, and named', async () => {
  const theirs = '.config/fish/completions/heph.fish';
  write(home(theirs), 'theirs');
  const installed = await run(unpack('1.0.0'));
  expect(installed).toMatchObject({
    exitCode: 0,
    stderr: `left as it is, since it is not heph's: ${home(theirs)}`,
  });
  expect(textOf(theirs)).toBe('theirs');
  await run(home('.local/share/heph/current/install.sh'), ['--remove']);
  expect(textOf(theirs)).toBe('theirs');
});

test('--remove takes all of it away but what heph keeps', async () => {
  await run(unpack('1.0.0'));
  write(home('.local/share/heph/heph.db'), 'tasks');
  const script = home('.local/share/heph/current/install.sh');
  expect(await run(script, ['--remove'])).toMatchObject({
    exitCode: 0,
    stdout: `removed heph; what it kept is still in ${home('.local/share/heph')}`,
    stderr: '',
  });
  for (const link of Object.keys(LINKS)) expect(existsSync(home(link))).toBe(false);
  for (const folder of ['versions', 'launcher', 'update'])
    expect(existsSync(home(`.local/share/heph/${folder}`))).toBe(false);
  expect(textOf('.local/share/heph/heph.db')).toBe('tasks');
});

test('what it does not understand changes nothing', async () => {
  expect(await run(unpack('1.0.0'), ['--uninstall'])).toMatchObject({
    exitCode: 2,
    stderr: 'cannot understand --uninstall: it is install.sh, or install.sh --remove',
  });
  expect(existsSync(home('.local'))).toBe(false);
});

test('somebody who uses zsh is told about its fpath', async () => {
  const { stdout } = await run(unpack('1.0.0'), [], { SHELL: '/bin/zsh' });
  expect(stdout).toContain('fpath=(~/.local/share/zsh/site-functions $fpath)');
});
