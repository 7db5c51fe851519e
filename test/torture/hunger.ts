import { mkdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { ClientError } from '#client/errors.ts';
import { openClient } from '#client/open.ts';
import { resolvePaths } from '#config/paths.ts';
import { HephError } from '#core/errors.ts';
import { startDaemon, type Daemon } from '../support/daemon.ts';
import { inspect } from './inspect.ts';
import { Ledger } from './ledger.ts';
import type { Random } from './random.ts';
import { expectNone, type Counts, type Trial } from './trial.ts';
import { work } from './work.ts';

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
  const strange = ends.filter((end) => !isExpected(end));
  expectNone(strange.map((end) => `a client ended with ${told(end)}`));
  return { isStarved, refused: ends.length };
}

/** hephd is gone, or says what it lacks. */
function isExpected(end: unknown): boolean {
  return end instanceof ClientError || told(end) === '{"code":"no_memory"}';
}

function told(end: unknown): string {
  return end instanceof HephError ? JSON.stringify(end.problem) : String(end);
}

/** As a container or a service's `LimitDATA` would: what asks for more is refused it. */
async function limitMemory(pid: number, roomBytes: number): Promise<void> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const hasBytes = Number(/^VmData:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
  await execa('prlimit', [`--pid=${pid}`, `--data=${hasBytes + roomBytes}`]);
}

/** A client that files large texts, and asks for them again, several at once. */
async function eat(
  { socket, db }: Daemon,
  name: string,
  ledger: Ledger,
  random: Random,
  stop: AbortSignal,
): Promise<unknown> {
  const client = openClient(resolvePaths('/', '/', { socket, db }));
  try {
    for (let nth = 0; !stop.aborted; nth++) {
      const title = `${name}.${nth}`;
      ledger.filing(title);
      const { node_id: id } = await client.change('task.add', { title });
      ledger.filed(title, id);
      const token = `${name}:${nth}${'x'.repeat(random.int(0, BODY_CHARS_MAX))}`;
      ledger.appending(title, token);
      await client.change('context.write', { id, append: token });
      ledger.appended(title, token);
      const reads = Array.from({ length: random.int(1, 8) }, () =>
        client.read('context.read', { id }),
      );
      await Promise.all(reads);
    }
    return null;
  } catch (error) {
    return error;
  } finally {
    client.close();
  }
}
