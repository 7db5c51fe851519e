import { afterAll, beforeAll, beforeEach } from 'vitest';
import { VERSION } from '#protocol/version.ts';
import { unitPathOf } from '#service/select.ts';
import { SERVICE_NAMES } from '#service/service.ts';
import { systemdBackend } from '#service/systemd/backend.ts';
import { serviceSuite } from '../contract/service.ts';
import type { ServiceWorld } from '../contract/service-world.ts';
import { openAgent, pathsIn, prepareForService, type Agent } from '../support/target-service.ts';
import { missingEngine, Target, type TargetUser } from '../support/target.ts';

/** The stand-in for hephd, for every user. */
const DAEMON = '/opt/hephd';

/**
 * The contract of the service backend on the real systemd of a target: one
 * machine, and for each test a user on whom no other left a trace.
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
    await target.copyIn('fixtures/daemons/hephd', DAEMON, { mode: 0o755 });
  });
  afterAll(async () => {
    if (missing === undefined) await target[Symbol.asyncDispose]();
  });

  /** Users whose test is over, as good as new: making one costs more than most tests do. */
  const idle: Resident[] = [];

  async function open(): Promise<ServiceWorld> {
    const resident = idle.pop() ?? (await settle(target, `user${++users}`));
    const { user, agent } = resident;
    const { ports } = agent;
    return {
      spec: {
        name: SERVICE_NAMES.systemd,
        home: user.home,
        uid: user.uid,
        unitPath: unitPathOf('systemd', user.home),
        program: [DAEMON, '--mode', 'local'],
        paths: pathsIn(user),
        version: VERSION,
      },
      ports,
      backend: systemdBackend(ports),
      signal: (pid, signal) => agent.signal(pid, signal),
      behave: (behaviour) => ports.files.write(`${user.home}/behaviour`, behaviour, 0o644),
      [Symbol.asyncDispose]: async () => {
        await renew(resident);
        idle.push(resident);
      },
    };
  }

  serviceSuite(`systemd of ${name}`, 'systemd', open, { concurrent: true });
}

/** A user of a target, with somebody to act for them. */
interface Resident {
  user: TargetUser;
  agent: Agent;
}

async function settle(target: Target, name: string): Promise<Resident> {
  const user = await target.addUser(name);
  return { user, agent: await openAgent(target, user) };
}

/** Whatever a test did to the service, its files and its manager, as if it had not been. */
async function renew({ agent }: Resident): Promise<void> {
  const script = `systemctl --user stop heph.service
    rm -rf ~/.config ~/.local ~/behaviour && systemctl --user daemon-reload &&
    { systemctl --user reset-failed heph.service || true; } &&
    [ "$(systemctl --user show -p LoadState -p ActiveState heph.service | sort | tr '\\n' ' ')" = 'ActiveState=inactive LoadState=not-found ' ]`;
  const outcome = await agent.ports.run('sh', ['-c', script], { limitMs: 60_000 });
  if (outcome.kind !== 'exited' || outcome.code !== 0) {
    throw new Error(`cannot make the user as good as new: ${JSON.stringify(outcome)}`);
  }
}
