import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { files } from '#node/files.ts';
import { daemonCommand, passingPlace, stablePath } from '#service/executable.ts';
import { Sandbox } from '../../support/sandbox.ts';

test.each([
  ['/home/ada/.npm/_npx/1/node_modules/.bin/heph', "npx's cache"],
  ['/home/ada/.cache/pnpm/dlx/abc/node_modules/heph', "the package manager's dlx cache"],
  ['/tmp/dlx-123/node_modules/heph', "the package manager's dlx cache"],
  ['/tmp/bunx-1000-heph@latest/node_modules/heph', "bunx's cache"],
  ['/tmp/heph/bin/hephd', '/tmp'],
  ['/private/var/folders/x/T/heph', '/private/var/folders'],
  ['/home/ada/.local/share/heph/launcher/hephd', null],
  ['/var/tmp/hephd', '/var/tmp'],
  ['/private/tmp/hephd', '/private/tmp'],
  ['/private/var/tmp/hephd', '/private/var/tmp'],
  ['/opt/tmp/hephd', null],
  ['/tmpfs/hephd', null],
  ['/x/dlx', null],
  ['/x/dlx-/hephd', null],
  ['/x/mydlx/hephd', null],
  ['/x/my_npx/hephd', null],
  ['/x/_npx', null],
  ['/x/bunx-/hephd', null],
  ['/x/bunx-1', null],
  ['--mode', null],
])('%s lies in a passing place: %s (D1)', (path, place) => {
  expect(passingPlace(path, '/home/ada')).toBe(place);
});

test('a home that is itself temporary takes its programs with it', () => {
  expect(passingPlace('/tmp/home/bin/hephd', '/tmp/home')).toBeNull();
});

describe('a program is named by the path that lasts (D1)', () => {
  test.each([
    [
      'Homebrew',
      'Cellar/node/24.1.0/bin/node',
      'opt/node',
      'Cellar/node/24.1.0',
      'opt/node/bin/node',
    ],
    [
      'mise',
      'mise/installs/node/24.1.0/bin/node',
      'mise/installs/node/24',
      'mise/installs/node/24.1.0',
      'mise/installs/node/24/bin/node',
    ],
    [
      'fnm',
      'fnm/node-versions/v24.1.0/installation/bin/node',
      'fnm/aliases/default',
      'fnm/node-versions/v24.1.0/installation',
      'fnm/aliases/default/bin/node',
    ],
  ])('%s', async (_, program, link, target, stable) => {
    await using sandbox = await Sandbox.make();
    const at = (path: string) => sandbox.at(path);
    await mkdir(at(program).replace(/\/node$/, ''), { recursive: true });
    await writeFile(at(program), '');
    await mkdir(at(link).replace(/\/[^/]+$/, ''), { recursive: true });
    expect(await stablePath(at(program), '/home/ada', (path) => files.resolve(path))).toBe(
      at(program),
    );
    await symlink(at(target), at(link));
    expect(await stablePath(at(program), '/home/ada', (path) => files.resolve(path))).toBe(
      at(stable),
    );
  });

  test('a link that leads to another version is not taken', async () => {
    await using sandbox = await Sandbox.make();
    for (const version of ['24.1.0', '24.2.0']) {
      await mkdir(sandbox.at(`Cellar/node/${version}/bin`), { recursive: true });
      await writeFile(sandbox.at(`Cellar/node/${version}/bin/node`), '');
    }
    await mkdir(sandbox.at('opt'));
    await symlink(sandbox.at('Cellar/node/24.2.0'), sandbox.at('opt/node'));
    const path = sandbox.at('Cellar/node/24.1.0/bin/node');
    expect(await stablePath(path, '/home/ada', (each) => files.resolve(each))).toBe(path);
  });

  test('one that has gone is left as it is', async () => {
    expect(await stablePath('/x/Cellar/a/1/b', '/h', async () => null)).toBe('/x/Cellar/a/1/b');
  });

  /** Every path is there, and leads to itself, but for these. */
  const leading =
    (links: Record<string, string>) =>
    async (path: string): Promise<string | null> =>
      links[path] ?? path;

  test.each([
    ['/brew/Cellar/a@1/1.2/b/c', '/brew/opt/a@1/b/c'],
    ['/Cellar/a/1/b', '/opt/a/b'],
    ['/a~b/Cellar/a/1/b', '/a~b/opt/a/b'],
    ['/Cellar/x/Cellar/a/1/b', '/Cellar/x/opt/a/b'],
    ['/node-versions/x/node-versions/v1/installation/a', '/node-versions/x/aliases/default/a'],
    ['/x/installs/node/24.1.0/bin/node', '/x/installs/node/24/bin/node'],
    ['/x/installs/node/24.1.0/bin/node', '/x/installs/node/latest/bin/node'],
    ['/fnm/node-versions/v1/installation/bin/node', '/fnm/aliases/default/bin/node'],
    ['/nix/store/abc-heph/bin/heph', '/h/.nix-profile/bin/heph'],
    ['/nix/store/abc-heph/bin/heph', '/h/.local/state/nix/profile/bin/heph'],
    ['/nix/store/abc-heph/bin/heph', '/run/current-system/sw/bin/heph'],
  ])('%s as %s', async (path, stable) => {
    expect(await stablePath(path, '/h', leading({ [stable]: path }))).toBe(stable);
    expect(await stablePath(path, '/h', leading({}))).toBe(path);
  });

  test.each([
    ['/x/installs/node/lts/bin/node', '/x/installs/node/latest/bin/node'],
    ['/y/nix/store/abc/bin/heph', '/h/.nix-profile/bin/heph'],
    ['/Cellar/a/1', '/opt/a'],
    ['/x/node-versions/v1/bin/node', '/x/aliases/default/bin/node'],
    ['/usr/bin/heph', '/h/.nix-profile/bin/heph'],
  ])('%s is no such path', async (path, stable) => {
    const anything = async () => path;
    expect(await stablePath(path, '/h', leading({ [stable]: path }))).toBe(path);
    expect(await stablePath(path, '/h', anything)).toBe(path);
  });

  test('the better of two', async () => {
    const path = '/x/installs/node/24.1.0/bin/node';
    const anything = async () => path;
    expect(await stablePath(path, '/h', anything)).toBe('/x/installs/node/24/bin/node');
  });
});

test.each([
  ['heph', 'hephd'],
  ['heph.js', 'hephd.js'],
  ['hephaestus.js', 'hephaestus.js'],
  ['my-heph', 'my-heph'],
])('beside %s lies %s', (script, daemon) => {
  const program = { executable: '/n', script: `/x/heph/${script}` };
  expect(daemonCommand(program, '/h/current')[1]).toBe(`/x/heph/${daemon}`);
});
