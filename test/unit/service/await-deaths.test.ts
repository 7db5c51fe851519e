import { describe, expect, test } from 'vitest';
import { awaitAnswer } from '#service/await.ts';
import type { Activity, ProbeAnswer, ServiceBackend, ServicePorts } from '#service/service.ts';
import { openQuickWorld } from '../../support/quick-world.ts';

/** What is seen at one look; the last goes on. */
interface Look {
  activity: Activity;
  /** Who answers on the socket. */
  answers?: number;
}

const running = (pid: number, answers?: number): Look => ({
  activity: { state: 'running', pid },
  ...(answers === undefined ? {} : { answers }),
});

/** @returns after how many looks it was content. */
async function wait(notPid: number | null, looks: readonly Look[]): Promise<number> {
  await using world = await openQuickWorld('systemd');
  const plain = await world.backend.observe(world.spec);
  let count = 0;
  let now = 0;
  const current = () => looks[Math.min(count, looks.length - 1)];
  const ports: ServicePorts = {
    ...world.ports,
    nowMs: () => now,
    sleep: async () => void (now += 1000),
    probe: async (): Promise<ProbeAnswer> => {
      const pid = current()?.answers;
      return pid === undefined
        ? { kind: 'nobody' }
        : { kind: 'answers', pid, version: '1', startedAtMs: 0 };
    },
  };
  const backend: ServiceBackend = {
    ...world.backend,
    observe: async () => {
      const activity = current()?.activity ?? plain.activity;
      count += 1;
      return { ...plain, activity, lastExit: { code: 3, signal: null } };
    },
  };
  await awaitAnswer(notPid, world.spec, backend, ports);
  return count;
}

describe('waiting for an answer', () => {
  test.each([
    { name: 'it answers at once', notPid: null, looks: [running(7, 7)], after: 1 },
    { name: 'it takes its time', notPid: null, looks: [running(7), running(7, 7)], after: 2 },
    {
      name: 'the one before still answers',
      notPid: 5,
      looks: [running(5, 5), running(7, 5), running(7, 7)],
      after: 3,
    },
    {
      name: 'the one before takes its time to leave',
      notPid: 5,
      looks: [
        running(5, 5),
        { activity: { state: 'stopping', pid: 5 } as const },
        { activity: { state: 'starting', pid: null } as const },
        running(7, 7),
      ],
      after: 4,
    },
  ])('$name', async ({ notPid, looks, after }) => {
    expect(await wait(notPid, looks)).toBe(after);
  });

  test.each<{ name: string; looks: Look[] }>([
    { name: 'it is seen between two lives', looks: [{ activity: { state: 'respawning' } }] },
    { name: 'the manager has given up', looks: [{ activity: { state: 'failed' } }] },
    { name: 'it is never seen dead, but is another each time', looks: [running(7), running(8)] },
    { name: 'the same, after the one before', looks: [running(5, 5), running(7), running(8)] },
  ])('it died on arrival: $name (A14)', async ({ looks }) => {
    await expect(wait(5, looks)).rejects.toThrow(
      'cannot start hephd: it ended at once with exit code 3',
    );
  });

  test('it runs and says nothing: after half a minute that is said, with what to try', async () => {
    const waiting = wait(null, [running(7)]);
    await expect(waiting).rejects.toThrow(/has not answered on .* for 30 s/);
    await expect(waiting).rejects.toMatchObject({ hint: 'try: heph daemon restart' });
  });
});
