import { mkdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { ClientError } from '#client/errors.ts';
import { HephError } from '#core/errors.ts';
import { startDaemon } from '../support/daemon.ts';
import { inspect } from './inspect.ts';
import { Ledger } from './ledger.ts';
import type { Random } from './random.ts';
import { expectNone, type Counts, type Trial } from './trial.ts';
import { append, expectEnds, file, inTurns, work, type Place } from './work.ts';

const MIB = 2 ** 20;
/** What hephd may take beyond what it has when it is asked first. */
const ROOM_MIB_MAX = 96;
const BODY_CHARS_MAX = 6 * MIB;
const LIFE_MS_MAX = 1500;

export const noMemory: Trial = {
  name: 'no-memory',
  claim: 'what was acknowledged survives the moment at which no memory is left',
  isForLinux: true,
  run: async (random, base, scale) => {
    const folder = `${base}/data`;
    mkdirSync(folder, { mode: 0o700 });
    const ledger = new Ledger();
    const counts = { lives: 0, starved: 0, refused: 0 };
    for (; counts.lives < 10 * scale; counts.lives++) {
      const { isStarved, refused } = await live(folder, random, ledger, `m${counts.lives}`);
      if (isStarved) counts.starved++;
      counts.refused += refused;
      expectNone(inspect(folder, `${base}/inspected`, ledger));
    }
    return { ...counts, acknowledged: ledger.acknowledged } satisfies Counts;
  },
};

/** One daemon, until memory or its time is over; the next begins on what it has left. */
async function live(
  folder: string,
  random: Random,
  ledger: Ledger,
  name: string,
): Promise<{ isStarved: boolean; refused: number }> {
  await using daemon = await startDaemon({ folder });
  await limitMemory(daemon.pid, random.int(0, ROOM_MIB_MAX * MIB));
  const enough = new AbortController();
  const workers = [0, 1, 2].map((nth) =>
    work(daemon, `${name}.${nth}`, ledger, random.fork(), enough.signal),
  );
  const eaters = [3, 4, 5].map((nth) =>
    eat(daemon, `${name}.${nth}`, ledger, random.fork(), enough.signal),
  );
  await Promise.race([daemon.exited, sleep(random.int(200, LIFE_MS_MAX))]);
  enough.abort();
  const isStarved = await Promise.race([daemon.exited.then(() => true), sleep(50, false)]);
  if (!isStarved) await daemon.kill('SIGKILL');
  const ends = (await Promise.all([...workers, ...eaters])).filter((end) => end !== null);
  expectEnds(ends, isExpected);
  return { isStarved, refused: ends.length };
}

/** hephd is gone, or says what it lacks. */
function isExpected(end: unknown): boolean {
  if (end instanceof HephError) return end.problem.code === 'no_memory';
  return end instanceof ClientError;
}

/** As a container or a service's `LimitDATA` would: what asks for more is refused it. */
async function limitMemory(pid: number, roomBytes: number): Promise<void> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const hasBytes = Number(/^VmData:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
  await execa('prlimit', [`--pid=${pid}`, `--data=${hasBytes + roomBytes}`]);
}

/** A client that files large texts, and asks for them again, several at once. */
function eat(
  place: Place,
  name: string,
  ledger: Ledger,
  random: Random,
  stop: AbortSignal,
): Promise<unknown> {
  return inTurns(place, stop, async (client, nth) => {
    const task = await file(client, ledger, `${name}.${nth}`);
    const token = `${name}:${nth}${'x'.repeat(random.int(0, BODY_CHARS_MAX))}`;
    await append(client, ledger, task, token);
    const reads = Array.from({ length: random.int(1, 8) }, () =>
      client.read('context.read', { id: task.id }),
    );
    await Promise.all(reads);
  });
}
