import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Paths } from '#config/paths.ts';
import { gaveBack } from '#config/update-variables.ts';
import type { Clock } from '#core/ports.ts';
import { backupName } from '#daemon/backup-names.ts';
import { selfTest, type Serve } from '#daemon/self-test.ts';
import { VERSION } from '#protocol/version.ts';
import { backUpClosed, removeParts } from '#store/backup.ts';
import { StoreLock } from '#store/lock.ts';
import { problemsOfFile } from '#store/check.ts';
import { openForeign } from '#store/open.ts';
import { StoreError } from '#store/problems.ts';
import { putBack, setAside } from '#store/put-back.ts';
import { backupBeforeUpdate, updatePlaces } from '#update/places.ts';
import { readProbation } from '#update/probation.ts';
import { readState, writeState } from '#update/state.ts';
import { removeForGood, syncFolder } from '#update/whole-file.ts';

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
  const { probation, trialSocket, current } = updatePlaces(paths.dataDir);
  if (readProbation(probation)?.to !== VERSION)
    throw new NoProbationError(`cannot try ${VERSION}: it is not on probation`);
  await keepStore(paths, pid);
  await selfTest({ ...paths, socket: trialSocket }, serve, stop);
  // The launcher has turned it here, and has no way to sync.
  syncFolder(dirname(current));
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
  /** Where the store went that the new version had; null when it was left where it is. */
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
  const { probation, state, versions, current } = updatePlaces(paths.dataDir);
  const code = gaveBack(env);
  const tried = code === null ? null : readProbation(probation);
  if (code === null || tried?.from !== VERSION) return null;
  // Before all else, for the room that it takes. Nobody comes back to it, but by hand; then it is brought anew.
  removeIfPossible(`${versions}/${tried.to}`);
  const kept = backupName(paths.backups, `given-back-by-${tried.to}`, clock.nowMs());
  const isChanged = hasTakenStoreBack(paths, tried.to, kept);
  const at = new Date(clock.nowMs()).toISOString();
  const why = reasonOf(code);
  const known = readState(state);
  const others = known.bad.filter(({ version }) => version !== tried.to);
  // For want of room it was never tried.
  const bad = code === 'disk' ? known.bad : [...others, { version: tried.to, why, at }];
  syncFolder(dirname(current));
  writeState(state, { ...known, pending: null, last_result: `gave ${tried.to} back: ${why}`, bad });
  removeForGood(probation);
  return { version: tried.to, why, kept: isChanged ? kept : null };
}

/**
 * Most versions fail before they have touched the store. One that has changed it
 * so that this one cannot use it leaves it aside, under the name `kept`, for the
 * copy that it made first; where it made none, there was no store. What else is
 * wrong with a store is said by whoever opens it.
 */
function hasTakenStoreBack({ db, backups }: Paths, to: string, kept: string): boolean {
  if (existsSync(db) && problemsOfFile(db).length === 0) return false;
  const copy = backupBeforeUpdate(backups, to);
  if (existsSync(copy)) putBack(db, copy, kept);
  else if (isNewer(db)) setAside(db, kept);
  else return false;
  return true;
}

/** A version that came later has written it. */
function isNewer(db: string): boolean {
  try {
    openForeign(db).close();
    return false;
  } catch (error) {
    return error instanceof StoreError && error.reason === 'newer';
  }
}

function removeIfPossible(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // It takes room, and is not in use.
  }
}

/** In words, from what the launcher saw. */
function reasonOf(code: string): string {
  if (code === 'disk') return 'there was no room to try it';
  if (code === '137') return 'it did not answer in time';
  if (code === '126' || code === '127') return 'it cannot be run';
  if (code === '0') return 'it left without a word';
  return /^\d+$/.test(code) ? `it failed to start, with exit code ${code}` : 'it failed to start';
}
