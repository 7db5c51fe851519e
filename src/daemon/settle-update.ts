import { existsSync, readdirSync, rmSync } from 'node:fs';
import { VERSION } from '#protocol/version.ts';
import { inUse } from '#daemon/current.ts';
import type { Note } from '#daemon/log.ts';
import { backupBeforeUpdate, type UpdatePlaces } from '#update/places.ts';
import { readState, writeState } from '#update/state.ts';
import { VERSION_FORM } from '#update/version.ts';

export interface Settling {
  places: UpdatePlaces;
  /** The folder for backups. */
  backups: string;
  log: Note;
}

/**
 * At each start, when nothing is on probation any more: where an update was
 * handed over to this version, it is done, and older versions go; where one, or
 * the way back, was cut short, that is noted. Apart from the rest of updating,
 * which is only loaded when somebody wants an update. Never throws: what is only
 * about updates is no reason not to serve.
 * @returns whether this version has just come.
 */
export function settleUpdate(settling: Settling): boolean {
  try {
    return settle(settling);
  } catch (error) {
    settling.log('not-settled', { why: String(error) });
    return false;
  }
}

function settle({ places, backups, log }: Settling): boolean {
  const state = readState(places.state);
  const { pending } = state;
  if (pending?.to === VERSION) {
    const { from } = pending;
    // Before it is noted, so that a start that is cut short here does it again.
    prune({ places, backups, log }, from);
    const last_result = `updated from ${from} to ${VERSION}`;
    writeState(places.state, { ...state, pending: null, previous: from, last_result });
    log('updated', { from, to: VERSION });
    return true;
  }
  if (pending !== null) {
    // Whoever wrote that was stopped before the launcher was told.
    const why = `cannot update to ${pending.to}: hephd was stopped on its way there`;
    writeState(places.state, { ...state, pending: null, last_result: why });
    log('no-update', { why });
  } else if (state.previous === VERSION) {
    const last_result = `went back to ${VERSION}`;
    writeState(places.state, { ...state, previous: null, last_result });
  }
  return false;
}

/** Of the versions, this one, the one before and what is in use stay; of the copies, that of this update. */
function prune({ places, backups, log }: Settling, previous: string): void {
  const kept = new Set([VERSION, previous, inUse(places)]);
  const versions = readdirSync(places.versions)
    .filter((name) => VERSION_FORM.test(name.replace(/\.staging$/, '')) && !kept.has(name))
    .map((name) => `${places.versions}/${name}`);
  const copies = existsSync(backups)
    ? readdirSync(backups)
        .filter((name) => /^before-update-to-[\d.]+\.db$/.test(name))
        .map((name) => `${backups}/${name}`)
        .filter((path) => path !== backupBeforeUpdate(backups, VERSION))
    : [];
  for (const path of [...versions, ...copies]) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch (error) {
      log('not-removed', { path, why: String(error) });
    }
  }
}
