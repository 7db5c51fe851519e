import { describe, expect, test } from 'vitest';
import { backendOf } from '#service/select.ts';
import type { Verb } from '#service/plan.ts';
import type { ManagerName, ServicePorts } from '#service/service.ts';
import { start } from './arrange.ts';
import { expectOneEnd, type Race } from './races.ts';
import { run, type ServiceWorld } from './service-world.ts';
import { openQuickWorld } from '../support/quick-world.ts';

interface Meeting extends Race {
  from: string;
  arrange(world: ServiceWorld): Promise<void>;
  first: Verb;
  second: Verb;
}

const VIRGIN = { from: 'a virgin machine', arrange: async () => undefined };
const RUNNING = { from: 'a running daemon', arrange: start };
const MEETINGS: readonly Meeting[] = (['stop', 'uninstall'] as const).flatMap((goes) =>
  [
    { ...VIRGIN, comes: 'start' as const },
    { ...RUNNING, comes: 'start' as const },
    { ...RUNNING, comes: 'restart' as const },
  ].flatMap((meeting) => [
    { ...meeting, goes, first: meeting.comes, second: goes },
    { ...meeting, goes, first: goes, second: meeting.comes },
  ]),
);

/** Worlds at a time: most of each is waiting. */
const AT_ONCE = 2;
/** For the second command to come as far as it can, in a world where a minute is about a second. */
const HEAD_START_MS = 750;

/** Two commands meet at every moment of each other: what races find by chance is gone through here. */
export function interleaveSuite(name: string, manager: ManagerName): void {
  describe(`${name}: every step of one command is where another comes`, () => {
    test.each(MEETINGS)('$second comes to $first, from $from', async (meeting) => {
      for (let k = 1, isOver = false; !isOver; k += AT_ONCE) {
        const steps = Array.from({ length: AT_ONCE }, (_, i) => k + i);
        const met = await Promise.all(steps.map((step) => meetAt(step, meeting, manager)));
        isOver = met.includes(false);
      }
    });
  });
}

/** @returns false where the first command has no such step. */
async function meetAt(k: number, meeting: Meeting, manager: ManagerName): Promise<boolean> {
  const { first, second } = meeting;
  await using world = await openQuickWorld(manager);
  await meeting.arrange(world);
  const where = `${second} at step ${k} of ${first}`;
  let other: Promise<unknown> | undefined;
  const ports = interrupted(world.ports, k, async () => {
    other = run(second, world).catch((error: unknown) => error);
    await Promise.race([other, world.ports.sleep(HEAD_START_MS)]);
  });
  const interruptedWorld = { ...world, ports, backend: backendOf(manager, ports) };
  await expect(run(first, interruptedWorld), where).resolves.toBeDefined();
  expect(await other, where).not.toBeInstanceOf(Error);
  if (other === undefined) return false;
  await expectOneEnd(meeting, world, where);
  return true;
}

/** Ports before whose k-th use something else comes. */
function interrupted(inner: ServicePorts, k: number, interrupt: () => Promise<void>): ServicePorts {
  let count = 0;
  const after =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      count += 1;
      if (count === k) await interrupt();
      return work(...args);
    };
  const files = Object.entries(inner.files).map(([name, work]) => [
    name,
    after(work as (...args: unknown[]) => Promise<unknown>),
  ]);
  return {
    ...inner,
    run: after(inner.run),
    files: Object.fromEntries(files),
  };
}
