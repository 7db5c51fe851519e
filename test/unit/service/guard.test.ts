import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { files } from '#node/files.ts';
import { passingPlace, stablePath } from '#service/executable.ts';
import { refuseAsker } from '#service/guard.ts';
import type { Verb } from '#service/plan.ts';
import type { ServicePorts, ServiceSpec } from '#service/service.ts';
import { openQuickWorld } from '../../support/quick-world.ts';
import { Sandbox } from '../../support/sandbox.ts';

const VERBS: readonly Verb[] = ['start', 'restart', 'stop', 'uninstall'];

interface Asker {
  spec?: Partial<ServiceSpec>;
  ports?: Partial<ServicePorts>;
  isInside?: boolean;
}

async function ask(verb: Verb, { spec = {}, ports = {}, isInside = false }: Asker): Promise<void> {
  await using world = await openQuickWorld('systemd');
  const backend = { ...world.backend, isInside: async () => isInside };
  await refuseAsker(verb, { ...world.spec, ...spec }, backend, { ...world.ports, ...ports });
}

describe('who asks is refused before anything is looked at', () => {
  test.each(VERBS)('sudo %s: the service would be root’s (B3)', async (verb) => {
    const asker = { spec: { uid: 0 }, ports: { env: { SUDO_USER: 'ada' } } };
    const asked = ask(verb, asker);
    await expect(asked).rejects.toThrow(`cannot ${verb} hephd with sudo`);
    await expect(asked).rejects.toMatchObject({
      kind: 'refused',
      hint: `as ada, without sudo: heph daemon ${verb}`,
    });
  });

  test.each([{}, { SUDO_USER: '' }, { SUDO_USER: 'root' }])(
    'root by itself may: %j',
    async (env) => {
      await expect(
        ask('start', { spec: { uid: process.geteuid?.() ?? 0 }, ports: { env } }),
      ).resolves.toBeUndefined();
    },
  );

  test.each(VERBS)('%s with the HOME of another user (G)', async (verb) => {
    await expect(ask(verb, { spec: { uid: 4711 } })).rejects.toThrow(
      /HOME is .*, which belongs to user \d+, and you are user 4711/,
    );
  });

  test.each(['restart', 'stop', 'uninstall'] as const)(
    '%s from inside the service, which would end with it (C13)',
    async (verb) => {
      await expect(ask(verb, { isInside: true })).rejects.toThrow(
        `cannot ${verb} hephd from inside heph.service`,
      );
    },
  );

  test('start from inside the service does it no harm (C13)', async () => {
    await expect(ask('start', { isInside: true })).resolves.toBeUndefined();
  });

  test.each(['start', 'restart'] as const)(
    '%s of what a package runner brought (D1)',
    async (verb) => {
      const program = ['/usr/bin/node', '/home/ada/.npm/_npx/12ab/node_modules/heph/dist/hephd.js'];
      await expect(ask(verb, { spec: { program } })).rejects.toThrow(/npx's cache is emptied/);
      await expect(ask('stop', { spec: { program } })).resolves.toBeUndefined();
    },
  );
});

test.each([
  ['/home/ada/.npm/_npx/1/node_modules/.bin/heph', "npx's cache"],
  ['/home/ada/.cache/pnpm/dlx/abc/node_modules/heph', "the package manager's dlx cache"],
  ['/tmp/dlx-123/node_modules/heph', "the package manager's dlx cache"],
  ['/tmp/bunx-1000-heph@latest/node_modules/heph', "bunx's cache"],
  ['/tmp/heph/bin/hephd', '/tmp'],
  ['/private/var/folders/x/T/heph', '/private/var/folders'],
  ['/home/ada/.local/share/heph/current/bin/hephd', null],
  ['/opt/tmp/hephd', null],
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
});
