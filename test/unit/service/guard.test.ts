import { describe, expect, test } from 'vitest';
import { refuseAsker } from '#service/guard.ts';
import type { Verb } from '#service/plan.ts';
import type { PathStat, ServiceSpec } from '#service/service.ts';
import { backendSeeing, imagine, place, SPEC } from '../../support/imagined-service.ts';

const VERBS: readonly Verb[] = ['start', 'restart', 'stop', 'uninstall'];

interface Asker {
  spec?: Partial<ServiceSpec>;
  env?: Record<string, string>;
  /** What lies where HOME leads; one's own folder, unless it is said. */
  home?: PathStat | null;
  isInside?: boolean;
}

async function ask(verb: Verb, { env = {}, isInside = false, ...asker }: Asker): Promise<void> {
  const spec = { ...SPEC, ...asker.spec };
  const { home = place('folder', 0o700, spec.uid) } = asker;
  const { ports } = imagine({ env, stats: home === null ? {} : { [SPEC.home]: home } });
  const backend = { ...backendSeeing({}), isInside: async () => isInside };
  await refuseAsker(verb, spec, backend, ports);
}

describe('who asks is refused before anything is looked at', () => {
  test.each(VERBS)('sudo %s: the service would be root’s (B3)', async (verb) => {
    const asker = { spec: { uid: 0 }, env: { SUDO_USER: 'ada' } };
    await expect(ask(verb, asker)).rejects.toMatchObject({
      kind: 'refused',
      message: `cannot ${verb} hephd with sudo: it is a service of your own, not of root`,
      hint: `as ada, without sudo: heph daemon ${verb}`,
    });
  });

  test.each([
    [0, {}],
    [0, { SUDO_USER: '' }],
    [0, { SUDO_USER: 'root' }],
    [1000, { SUDO_USER: 'ada' }],
  ])('user %i by itself may: %j', async (uid, env: Record<string, string>) => {
    await expect(ask('start', { spec: { uid }, env })).resolves.toBeUndefined();
  });

  test.each(VERBS)('%s with the HOME of another user (G)', async (verb) => {
    await expect(ask(verb, { home: place('folder', 0o755, 0) })).rejects.toMatchObject({
      kind: 'refused',
      message: `cannot ${verb} hephd: HOME is /home/ada, which belongs to user 0, and you are user 1000`,
      hint: 'log in as that user, or set HOME to your own',
    });
  });

  test.each([place('folder', 0o755), place('link', 0o777, 0), null])(
    'but not with a HOME of one’s own, nor one that leads elsewhere: %j',
    async (stat) => {
      await expect(ask('start', { home: stat })).resolves.toBeUndefined();
    },
  );

  test.each(['restart', 'stop', 'uninstall'] as const)(
    '%s from inside the service, which would end with it (C13)',
    async (verb) => {
      await expect(ask(verb, { isInside: true })).rejects.toMatchObject({
        kind: 'refused',
        message: `cannot ${verb} hephd from inside heph.service: this command would be ended with it`,
        hint: `run it from a terminal of your own: heph daemon ${verb}`,
      });
    },
  );

  test('start from inside the service does it no harm (C13)', async () => {
    await expect(ask('start', { isInside: true })).resolves.toBeUndefined();
  });

  test.each(['start', 'restart'] as const)(
    '%s of what a package runner brought (D1)',
    async (verb) => {
      const program = ['/usr/bin/node', '/home/ada/.npm/_npx/12ab/node_modules/heph/dist/hephd.js'];
      await expect(ask(verb, { spec: { program } })).rejects.toMatchObject({
        kind: 'refused',
        message: `cannot ${verb} hephd from /usr/bin/node: npx's cache is emptied sooner or later, and the service would not come back`,
        hint: 'install heph first (docs: install-heph), then run the installed heph daemon start',
      });
      await expect(ask('stop', { spec: { program } })).resolves.toBeUndefined();
      await expect(ask('uninstall', { spec: { program } })).resolves.toBeUndefined();
    },
  );
});
