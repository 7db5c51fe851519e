import { existsSync, rmSync } from 'node:fs';
import type { Paths } from '#config/paths.ts';
import { gaveBack } from '#config/update-variables.ts';
import type { Clock } from '#core/ports.ts';
import { backupName } from '#daemon/backup-names.ts';
import { selfTest, type Serve } from '#daemon/self-test.ts';
import { VERSION } from '#protocol/version.ts';
import { backUpClosed, removeParts } from '#store/backup.ts';
import { StoreLock } from '#store/lock.ts';
import { putBack } from '#store/put-back.ts';
import { backupBeforeUpdate, updatePlaces } from '#update/places.ts';
import { readProbation } from '#update/probation.ts';
import { readState, writeState } from '#update/state.ts';
import { removeForGood } from '#update/whole-file.ts';

/** Not on probation, so that there is nothing to try. */
export class NoProbationError extends Error {}

/**
 * The new version's first run, before it serves anybody: keep the store as the
 * version before left it, be a daemon on it for a moment, and only then say that
 * it stays. Nothing that was acknowledged can be lost by going back until then,
 * because nothing is.
 * @throws what went wrong; the launcher tries once more, or goes back.
 */
export async function tryOut(
  paths: Paths,
  pid: number,
  serve: Serve,
  stop: AbortSignal,
): Promise<void> {
  const { probation, trialSocket } = updatePlaces(paths.dataDir);
  if (readProbation(probation)?.to !== VERSION)
    throw new NoProbationError(`cannot try ${VERSION}: it is not on probation`);
  await keepStore(paths, pid);
  await selfTest({ ...paths, socket: trialSocket }, serve, stop);
  removeForGood(probation);
}

/** The first trial's copy stays: the store may have been migrated since. */
async function keepStore(paths: Paths, pid: number): Promise<void> {
  const copy = backupBeforeUpdate(paths.backups, VERSION);
  if (!existsSync(paths.db) || existsSync(copy)) return;
  using _lock = StoreLock.take(paths.db, pid);
  removeParts(paths.backups);
  await backUpClosed(paths.db, copy);
}

export interface GivenBack {
  version: string;
  why: string;
  /** Where the store went that the new version had; null when it had none. */
  kept: string | null;
}

/**
 * Where the version that came after this one failed its trial: the store as it
 * was before, and a note that it is not to be tried again. Null where none did.
 * The caller holds the store's lock, and has not opened the store.
 */
export function takeBack(
  paths: Paths,
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock,
): GivenBack | null {
  const { probation, state, versions } = updatePlaces(paths.dataDir);
  const code = gaveBack(env);
  const tried = code === null ? null : readProbation(probation);
  if (code === null || tried?.from !== VERSION) return null;
  const copy = backupBeforeUpdate(paths.backups, tried.to);
  const at = new Date(clock.nowMs()).toISOString();
  let kept: string | null = null;
  if (existsSync(copy)) {
    kept = backupName(paths.backups, `given-back-by-${tried.to}`, clock.nowMs());
    putBack(paths.db, copy, kept);
  }
  const why = reasonOf(code);
  const known = readState(state);
  // Nobody comes back to it, but by hand; then it is brought anew.
  rmSync(`${versions}/${tried.to}`, { recursive: true, force: true });
  writeState(state, {
    ...known,
    pending: null,
    last_result: `gave ${tried.to} back: ${why}`,
    bad: [
      ...known.bad.filter(({ version }) => version !== tried.to),
      { version: tried.to, why, at },
    ],
  });
  removeForGood(probation);
  return { version: tried.to, why, kept };
}

/** In words, from what the launcher saw. */
function reasonOf(code: string): string {
  if (code === '137') return 'it did not answer in time';
  if (code === '126' || code === '127') return 'it cannot be run';
  if (code === '0') return 'it left without a word';
  return /^\d+$/.test(code) ? `it failed to start, with exit code ${code}` : 'it failed to start';
}
