import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { HephError } from '#core/errors.ts';
import { startDaemon, type Daemon } from '../support/daemon.ts';
import { faultyDisk } from './faulty-disk.ts';
import { inspect } from './inspect.ts';
import { Ledger } from './ledger.ts';
import type { Random } from './random.ts';
import { expectNone, type Counts, type Trial } from './trial.ts';
import { work } from './work.ts';

const { ENOSPC, EIO, EROFS } = constants.errno;
/** What goes wrong, and with what: a full disk, a broken one, one that was mounted anew. */
const KINDS = [
  ['write', ENOSPC],
  ['write', EIO],
  ['write', EROFS],
  ['sync', EIO],
  ['name', ENOSPC],
  ['name', EROFS],
] as const;
/** A start takes about 150 writes; half of the faults come later. */
const CALLS_MAX: Readonly<Record<'write' | 'sync' | 'name', number>> = {
  write: 600,
  sync: 60,
  name: 12,
};
const CLIENTS = 3;
const LIFE_MS = 300;
/** Codes that say what is wrong with the disk; any other is a defect. */
const SAID = new Set(['store_full', 'store_readonly', 'store_damaged']);

export const diskFaults: Trial = {
  name: 'disk-faults',
  claim:
    'a disk that fails from the k-th call on is named, nothing acknowledged is lost, and mended it goes on',
  isForLinux: true,
  run: faults,
};

async function faults(random: Random, base: string, scale: number): Promise<Counts> {
  const folder = `${base}/data`;
  const mended = `${base}/mended`;
  mkdirSync(folder, { mode: 0o700 });
  const ledger = new Ledger();
  const counts = { faults: 0, atStart: 0, refused: 0, acknowledged: 0 };
  for (; counts.faults < 6 * scale; counts.faults++) {
    const [ops, errno] = random.pick(KINDS);
    const from = random.int(1, CALLS_MAX[ops]);
    rmSync(mended, { force: true });
    const env = await faultyDisk({ folder, fail: { ops, from, errno, mended } });
    const name = `f${counts.faults}`;
    const daemon = await started(folder, env);
    if (daemon === null) counts.atStart++;
    else counts.refused += await through(daemon, random, ledger, name, mended);
    const found = inspect(folder, `${base}/inspected`, ledger);
    expectNone(found.map((problem) => `${ops} ${from} ${errno}: ${problem}`));
    // On a disk that is well it comes again, whatever was left.
    await using next = await startDaemon({ folder });
    expectNone(await worked(next, `${name}.next`, ledger, random));
    await next.kill('SIGTERM');
  }
  return { ...counts, acknowledged: ledger.acknowledged };
}

/** A daemon on a disk that may fail before it answers; null, when it has said so and ended. */
async function started(folder: string, env: Record<string, string>): Promise<Daemon | null> {
  try {
    return await startDaemon({ folder, env });
  } catch (error) {
    const { message } = error as Error;
    // 78: as wrong in a second; 1: not foreseen, so that the manager tries again.
    if (/^hephd ended with (78|1): cannot /.test(message)) return null;
    throw error;
  }
}

/** Work until the disk fails, mend it, and work on. @returns how many requests were refused. */
async function through(
  daemon: Daemon,
  random: Random,
  ledger: Ledger,
  name: string,
  mended: string,
): Promise<number> {
  await using _ = daemon;
  const stop = AbortSignal.timeout(LIFE_MS);
  const ends = await Promise.all(
    Array.from({ length: CLIENTS }, (__, nth) =>
      work(daemon, `${name}.${nth}`, ledger, random.fork(), stop),
    ),
  );
  const errors = ends.filter((end) => end !== null);
  const isSaid = (end: unknown) => end instanceof HephError && SAID.has(end.problem.code);
  expectNone(errors.filter((end) => !isSaid(end)).map((end) => `refused with ${shown(end)}`));
  writeFileSync(mended, '');
  await sleep(10);
  expectNone(await worked(daemon, `${name}.mended`, ledger, random));
  await daemon.kill('SIGTERM');
  return errors.length;
}

/** A client that is refused nothing. @returns what is wrong, if anything is. */
async function worked(
  daemon: Daemon,
  name: string,
  ledger: Ledger,
  random: Random,
): Promise<string[]> {
  const end = await work(daemon, name, ledger, random.fork(), AbortSignal.timeout(100));
  return end === null ? [] : [`${name}: after it was mended, refused with ${shown(end)}`];
}

function shown(end: unknown): string {
  return end instanceof HephError ? JSON.stringify(end.problem) : String(end);
}
