import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { ClientError } from '#client/errors.ts';
import { openClient } from '#client/open.ts';
import { resolvePaths } from '#config/paths.ts';
import { startDaemon, type Daemon } from '../support/daemon.ts';
import { inspect } from './inspect.ts';
import { Ledger } from './ledger.ts';
import { preloaded } from './preloaded.ts';
import type { Random } from './random.ts';
import { expectNone, type Counts, type Trial } from './trial.ts';
import { expectEnds, work } from './work.ts';

const YEARS = 10;
const YEAR_S = 365 * 24 * 60 * 60;
/** A daemon has about 35 descriptors open before anybody connects. */
const DESCRIPTORS = 64;

export const jumpingClock: Trial = {
  name: 'jumping-clock',
  claim: 'a clock that is set back and forth by years changes no order, and loses nothing',
  isForLinux: true,
  run: async (random, base, scale) => {
    const clock = `${base}/clock`;
    const set = (seconds: number) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(BigInt(seconds));
      // In place: hephd has this very file in its memory.
      writeFileSync(clock, bytes, { flag: 'r+' });
    };
    writeFileSync(clock, Buffer.alloc(8));
    const env = { LD_PRELOAD: await preloaded('faulty-clock.c'), FAULTY_CLOCK: clock };
    let jumps = 0;
    const counts = await through(random, base, scale, env, async () => {
      set(random.int(-YEARS * YEAR_S, YEARS * YEAR_S));
      jumps++;
    });
    const store = `${base}/data/heph.db`;
    const mostYears = yearsIn(store);
    // One that was never set would prove nothing.
    expectNone([...orderProblems(store), ...(mostYears < 1 ? ['the clock stood still'] : [])]);
    return { ...counts, jumps, mostYears };
  },
};

export const suspended: Trial = {
  name: 'suspended',
  claim: 'a process that is stopped and goes on, as when a machine sleeps, goes on where it was',
  isForLinux: false,
  run: async (random, base, scale) => {
    let stops = 0;
    const counts = await through(random, base, scale, {}, async (daemon) => {
      process.kill(daemon.pid, 'SIGSTOP');
      await sleep(random.int(1, 300));
      process.kill(daemon.pid, 'SIGCONT');
      stops++;
    });
    return { ...counts, stops };
  },
};

export const noDescriptors: Trial = {
  name: 'no-descriptors',
  claim: 'with no descriptor left, hephd lets in nobody for a while, loses nothing, and goes on',
  isForLinux: false,
  run: async (random, base, scale) => {
    let refused = 0;
    const shell = `ulimit -n ${DESCRIPTORS}; exec "${process.execPath}" "$0" "$@"`;
    const runner = ['/bin/sh', '-c', shell];
    const counts = await through(
      random,
      base,
      scale,
      {},
      async (daemon) => {
        const crowd = Array.from({ length: DESCRIPTORS * 2 }, () => askOnce(daemon));
        refused += (await Promise.all(crowd)).filter((answered) => !answered).length;
      },
      runner,
    );
    return { ...counts, refused };
  },
};

/** Clients at work while something happens to the daemon, again and again. None may be refused anything. */
async function through(
  random: Random,
  base: string,
  scale: number,
  env: Record<string, string>,
  happens: (daemon: Daemon) => Promise<void>,
  runner?: readonly string[],
): Promise<Counts> {
  const folder = `${base}/data`;
  mkdirSync(folder, { mode: 0o700 });
  const ledger = new Ledger();
  const options = { folder, env, ...(runner === undefined ? {} : { runner }) };
  await using daemon = await startDaemon(options);
  const enough = new AbortController();
  const clients = ['a', 'b', 'c'].map((name) =>
    work(daemon, name, ledger, random.fork(), enough.signal),
  );
  for (let times = 0; times < 20 * scale; times++) {
    await happens(daemon);
    await sleep(random.int(1, 50));
  }
  enough.abort();
  const ends = (await Promise.all(clients)).filter((end) => end !== null);
  expectEnds(ends, () => false);
  const { code, stderr } = await daemon.kill('SIGTERM');
  expectNone(code === 0 ? [] : [`hephd ended with ${code}: ${stderr}`]);
  expectNone(inspect(folder, `${base}/inspected`, ledger));
  return { acknowledged: ledger.acknowledged };
}

/** @returns whether it was answered; where it was not, it was told so and did not wait for ever. */
async function askOnce({ socket, db }: Daemon): Promise<boolean> {
  const client = openClient(resolvePaths('/', '/', { socket, db }));
  try {
    await client.read('task.next', { limit: 1 });
    return true;
  } catch (error) {
    if (error instanceof ClientError) return false;
    throw error;
  } finally {
    client.close();
  }
}

/** Later transactions have later clocks, whatever the machine's own says. */
function orderProblems(path: string): string[] {
  using db = new DatabaseSync(path, { readOnly: true });
  const rows = db.prepare('SELECT tx, hlc FROM transactions ORDER BY tx').all() as {
    tx: number;
    hlc: string;
  }[];
  return rows
    .filter(({ hlc }, nth) => nth > 0 && hlc <= (rows[nth - 1]?.hlc ?? ''))
    .map(({ tx }) => `transaction ${tx} has an earlier clock than the one before it`);
}

/** From the first to the last moment at which a task was made, by the clock that hephd saw. */
function yearsIn(path: string): number {
  using db = new DatabaseSync(path, { readOnly: true });
  const row = db.prepare('SELECT max(created_at) - min(created_at) AS ms FROM nodes').get();
  return Math.round(Number(row?.['ms']) / 1000 / YEAR_S);
}
