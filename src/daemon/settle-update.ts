import { readdirSync, rmSync } from 'node:fs';
import { VERSION } from '#protocol/version.ts';
import type { UpdatePlaces } from '#update/places.ts';
import { readProbation } from '#update/probation.ts';
import { readState, writeState } from '#update/state.ts';
import { VERSION_FORM } from '#update/version.ts';

export interface Settling {
  places: UpdatePlaces;
  log: (event: string, fields: Record<string, string | number>) => void;
}

/**
 * At each start: where an update was handed over to this version, it is done,
 * and older versions go; where one, or the way back, was cut short, that is noted.
 * Apart from the rest of updating, which is only loaded when somebody wants an
 * update.
 * @returns whether this version has just come.
 */
export function settleUpdate({ places, log }: Settling): boolean {
  const state = readState(places.state);
  const { pending } = state;
  if (pending?.to === VERSION) {
    const { from } = pending;
    // Before it is noted, so that a start that is cut short here does it again.
    prune(places, from, log);
    const last_result = `updated from ${from} to ${VERSION}`;
    writeState(places.state, { ...state, pending: null, previous: from, last_result });
    log('updated', { from, to: VERSION });
    return true;
  }
  if (pending !== null && readProbation(places.probation) === null) {
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

/** One that cannot be removed is no reason not to serve. */
function prune(places: UpdatePlaces, previous: string, log: Settling['log']): void {
  for (const name of readdirSync(places.versions)) {
    const isVersion = VERSION_FORM.test(name.replace(/\.staging$/, ''));
    if (!isVersion || name === VERSION || name === previous) continue;
    const path = `${places.versions}/${name}`;
    try {
      rmSync(path, { recursive: true, force: true });
    } catch (error) {
      log('not-removed', { path, why: error instanceof Error ? error.message : String(error) });
    }
  }
}
