import { expect, test } from 'vitest';
import { dirname } from '#service/text.ts';
import type { Verb } from '#service/plan.ts';
import type { Status } from '#service/status.ts';
import { run, status, type ServiceWorld } from './service-world.ts';

/** A verb that wants hephd there, and one that wants it gone. */
export interface Race {
  comes: Extract<Verb, 'start' | 'restart'>;
  goes: Extract<Verb, 'stop' | 'uninstall'>;
}

const RACES: readonly Race[] = [
  { comes: 'start', goes: 'stop' },
  { comes: 'start', goes: 'uninstall' },
];

/** How often: each time from where the last one left things, first on a virgin machine. */
const ROUNDS = 4;

/** Two commands at once: both succeed, and it is as if one had come after the other. */
export function raceTests(open: () => Promise<ServiceWorld>): void {
  test.each(RACES)(
    '$comes and $goes at once: one end state or the other, whole (G)',
    async (race) => {
      await using world = await open();
      for (let round = 0; round < ROUNDS; round++) {
        const verbs = round % 2 === 0 ? [race.comes, race.goes] : [race.goes, race.comes];
        await Promise.all(verbs.map((verb) => run(verb, world)));
        await expectOneEnd(race, world, `round ${round + 1}`);
      }
    },
  );
}

const THERE: Partial<Status> = {
  installed: true,
  enabled: true,
  running: true,
  healthy: true,
  current: true,
};
const AWAY: Record<Race['goes'], Partial<Status>> = {
  stop: { installed: true, enabled: true, running: false, healthy: false, current: true },
  uninstall: { installed: false, enabled: false, running: false, healthy: false },
};

/** All of one end state, and nothing of the other. */
export async function expectOneEnd(
  { goes }: Race,
  world: ServiceWorld,
  where: string,
): Promise<void> {
  const seen = await status(world);
  expect(seen, where).toMatchObject(seen.running ? THERE : AWAY[goes]);
  if (seen.running) return;
  const { ports, spec } = world;
  expect(await ports.probe(spec.paths.socket), where).toEqual({ kind: 'nobody' });
  if (goes === 'uninstall') await expectNoResidue(world);
}

/** What an uninstall leaves: nothing of the service. */
export async function expectNoResidue({ spec, ports, backend }: ServiceWorld): Promise<void> {
  const link = `${dirname(spec.unitPath)}/default.target.wants/${spec.name}`;
  for (const path of [spec.unitPath, link, spec.paths.socket, spec.paths.handOver]) {
    expect(await ports.files.stat(path), path).toBeNull();
  }
  expect((await backend.observe(spec)).loaded).toBe(false);
}
