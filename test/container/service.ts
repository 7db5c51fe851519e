import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { VERSION } from '#protocol/version.ts';
import { unitPathOf } from '#service/select.ts';
import { SERVICE_NAMES } from '#service/service.ts';
import { systemdBackend } from '#service/systemd/backend.ts';
import { serviceSuite } from '../contract/service.ts';
import type { ServiceWorld } from '../contract/service-world.ts';
import { NODE, openAgent, pathsIn, prepareForService } from '../support/target-service.ts';
import { missingEngine, Target } from '../support/target.ts';

/**
 * The contract of the service backend on the real systemd of a target: one
 * machine, and a new user for each test, so that nothing of one is seen by the next.
 */
export async function serviceSuiteOn(name: string): Promise<void> {
  const missing = await missingEngine();
  let target: Target;
  let users = 0;
  beforeEach((context) => context.skip(missing !== undefined, missing));
  beforeAll(async () => {
    if (missing !== undefined) return;
    target = await Target.start(name);
    await prepareForService(target);
  });
  afterAll(async () => {
    if (missing === undefined) await target[Symbol.asyncDispose]();
  });

  async function open(): Promise<ServiceWorld> {
    const user = await target.addUser(`user${++users}`);
    const agent = await openAgent(target, user);
    const daemon = `${user.home}/hephd.mjs`;
    await agent.ports.files.write(
      daemon,
      await readFile('fixtures/daemons/hephd.mjs', 'utf8'),
      0o644,
    );
    return {
      spec: {
        name: SERVICE_NAMES.systemd,
        home: user.home,
        uid: user.uid,
        unitPath: unitPathOf('systemd', user.home),
        program: [NODE, daemon, '--mode', 'local'],
        paths: pathsIn(user),
        version: VERSION,
      },
      ports: agent.ports,
      backend: systemdBackend(agent.ports),
      signal: agent.signal,
      behave: (behaviour) => agent.ports.files.write(`${user.home}/behaviour`, behaviour, 0o644),
      [Symbol.asyncDispose]: async () => {
        await agent[Symbol.asyncDispose]();
        await target.removeUser(user);
      },
    };
  }

  serviceSuite(`systemd of ${name}`, 'systemd', open, { concurrent: true });
}
