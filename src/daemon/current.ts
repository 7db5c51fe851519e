import { readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { UpdatePlaces } from '#update/places.ts';
import { syncFolder } from '#update/whole-file.ts';

/** The version that the next start is of; null where there is none. */
export function inUse({ current }: UpdatePlaces): string | null {
  try {
    return basename(readlinkSync(current));
  } catch {
    return null;
  }
}

/** Have another version in use, in one step: a link is replaced by a rename, or it is as it was. */
export function turnTo({ current }: UpdatePlaces, version: string): void {
  const next = `${current}.next`;
  rmSync(next, { force: true });
  symlinkSync(`versions/${version}`, next);
  renameSync(next, current);
  syncFolder(dirname(current));
}
