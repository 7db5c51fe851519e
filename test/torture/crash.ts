import { mkdirSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClientError } from '#client/errors.ts';
import { startDaemon } from '../support/daemon.ts';
import { faultyDisk } from './faulty-disk.ts';
import { inspect } from './inspect.ts';
import { Ledger } from './ledger.ts';
import { Disk } from './power-cut.ts';
import type { Random } from './random.ts';
import { expectNone, type Counts, type Trial } from './trial.ts';
import { expectEnds, work } from './work.ts';

const CLIENTS = 4;
/** A daemon lives at most so long; most kills then hit a write. */
const LIFE_MS_MAX = 400;

export const killed: Trial = {
  name: 'killed',
  claim: 'what was acknowledged survives kill -9, once, and the log leads to the same state',
  isForLinux: false,
  run: (random, folder, scale) => crashes(random, folder, scale, false),
};

export const powerCut: Trial = {
  name: 'power-cut',
  claim: 'what was acknowledged survives a power cut that tears or drops what was not synced',
  isForLinux: true,
  run: (random, folder, scale) => crashes(random, folder, scale, true),
};

/** One store, killed again and again while clients work. */
async function crashes(
  random: Random,
  base: string,
  scale: number,
  isPowerCut: boolean,
): Promise<Counts> {
  const folder = `${base}/data`;
  mkdirSync(folder, { mode: 0o700 });
  const ledger = new Ledger();
  let [kills, lostWrites, lostNames] = [0, 0, 0];
  for (; kills < 10 * scale; kills++) {
    const disk = new Disk(folder);
    const journal = `${base}/journal`;
    rmSync(journal, { force: true });
    const env = isPowerCut ? await faultyDisk({ folder, journal }) : {};
    await killedAtWork(folder, env, random, ledger, `k${kills}`);
    if (isPowerCut) {
      const lost = disk.cut(journal, random);
      lostWrites += lost.lostWrites;
      lostNames += lost.lostNames;
    }
    expectNone(inspect(folder, `${base}/inspected`, ledger));
  }
  const { acknowledged } = ledger;
  return isPowerCut ? { kills, acknowledged, lostWrites, lostNames } : { kills, acknowledged };
}

async function killedAtWork(
  folder: string,
  env: Record<string, string>,
  random: Random,
  ledger: Ledger,
  name: string,
): Promise<void> {
  await using daemon = await startDaemon({ folder, env });
  const { socket, db } = daemon;
  const clients = Array.from({ length: CLIENTS }, (_, nth) =>
    work({ socket, db }, `${name}.${nth}`, ledger, random.fork()),
  );
  await sleep(random.int(0, LIFE_MS_MAX));
  await daemon.kill('SIGKILL');
  const ends = await Promise.all(clients);
  expectEnds(ends, (end) => end instanceof ClientError);
}
