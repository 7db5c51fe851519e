import { readdirSync, rmSync } from 'node:fs';
import { VERSION } from '#protocol/version.ts';
import type { UpdatePlaces } from '#update/places.ts';
import { readState, writeState } from '#update/state.ts';
import { VERSION_FORM } from '#update/version.ts';

export interface Settling {
  places: UpdatePlaces;
  log: (event: string, fields: Record<string, string | number>) => void;
}

/**
 * At each start: where an update was handed over to this version, it is done,
 * and older versions go. Apart from the rest of updating, which is only loaded
 * when somebody wants an update.
 * @returns whether this version has just come.
 */
export function settleUpdate({ places, log }: Settling): boolean {
  const state = readState(places.state);
  if (state.pending?.to !== VERSION) return false;
  const { from } = state.pending;
  const result = `updated from ${from} to ${VERSION}`;
  writeState(places.state, { ...state, pending: null, previous: from, last_result: result });
  log('updated', { from, to: VERSION });
  prune(places, from);
  return true;
}

function prune(places: UpdatePlaces, previous: string): void {
  for (const name of readdirSync(places.versions)) {
    const isVersion = VERSION_FORM.test(name.replace(/\.staging$/, ''));
    if (!isVersion || name === VERSION || name === previous) continue;
    rmSync(`${places.versions}/${name}`, { recursive: true, force: true });
  }
}
