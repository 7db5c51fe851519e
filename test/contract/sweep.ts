import { describe, expect, test } from 'vitest';
import type { Verb } from '#service/plan.ts';
import { backendOf } from '#service/select.ts';
import type { ManagerName } from '#service/service.ts';
import type { Status } from '#service/status.ts';
import { FAULTS, faulty, Killed, type Fault } from './faults.ts';
import { STATES, type State } from './service-states.ts';
import { run, status, type ServiceWorld } from './service-world.ts';
import { openQuickWorld } from '../support/quick-world.ts';

const VERBS: readonly Verb[] = ['start', 'restart', 'stop', 'uninstall'];

/** What holds once a verb has gone through, whatever went wrong before. */
const END: Record<Verb, Partial<Status>> = {
  start: { installed: true, enabled: true, running: true, healthy: true },
  restart: { installed: true, enabled: true, running: true, healthy: true, current: true },
  stop: { running: false, healthy: false },
  uninstall: { installed: false, enabled: false, running: false, healthy: false },
};

/** The states that a shell script can be brought into, and in which every verb is allowed. */
const SWEPT: ReadonlySet<string> = new Set([
  'a virgin machine',
  'running',
  'stopped',
  'running, switched off at login (A6)',
  'running from the text of an older heph (C2)',
  'stopped, with the text of an older heph (C2)',
  'running, its file deleted (C12)',
]);
const swept = STATES.filter(({ name }) => SWEPT.has(name));

/**
 * Each step of each verb in each state goes wrong in each way. Then: a verb that
 * says that it succeeded has; one that failed says so; and the same verb again,
 * with nothing in its way, comes to its end state.
 */
export function sweepSuite(name: string, manager: ManagerName): void {
  describe.each(FAULTS)(`${name}: the k-th $at $name`, (fault) => {
    test.each(swept)('$name', async (state) => {
      let met = 0;
      for (const verb of VERBS) met += await sweep(verb, state, fault, manager);
      expect(met, 'a sweep that meets no fault proves nothing').toBeGreaterThan(0);
    });
  });
}

/** @returns how many steps were met by the fault. */
async function sweep(
  verb: Verb,
  state: State,
  fault: Fault,
  manager: ManagerName,
): Promise<number> {
  for (let k = 1; ; k++) {
    await using world = await openQuickWorld(manager);
    await state.arrange(world);
    const command = faulty(world.ports, k, fault);
    const { ports } = command;
    const where = `${verb}, ${state.name}, ${fault.at} ${k} ${fault.name}`;
    const hindered = { ...world, ports, backend: backendOf(manager, ports) };
    const ending = await attempt(verb, hindered);
    if (!command.hasStruck()) return k - 1;
    if (ending === 'succeeded') await expectEnd(verb, world, `${where}: it said that it succeeded`);
    else expect(ending, where).toMatch(/^(killed|EIO: |cannot )/);
    await run(verb, world);
    await expectEnd(verb, world, `${where}: again`);
  }
}

async function attempt(verb: Verb, world: ServiceWorld): Promise<string> {
  try {
    await run(verb, world);
    return 'succeeded';
  } catch (error) {
    return error instanceof Killed ? 'killed' : (error as Error).message;
  }
}

async function expectEnd(verb: Verb, world: ServiceWorld, where: string): Promise<void> {
  const facts = await status(world);
  expect(facts, where).toMatchObject(END[verb]);
  const { files } = world.ports;
  if (verb === 'uninstall') expect(await files.stat(world.spec.unitPath), where).toBeNull();
}
