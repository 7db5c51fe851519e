import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { hasNoLinks, removeStore, sync } from '#store/backup.ts';

/** What is to take a store's place, until it does: a name beside the store's own. */
export function restoringName(store: string): string {
  return `${store}.restoring`;
}

/**
 * Have a copy in the store's place again, while nobody has the store open. What
 * was there, sound or not, is kept under another name with its logs beside it.
 * It can be done again from the start wherever it was cut short.
 * @param copy a sound store; it stays where it is.
 * @param kept a name that nothing has, in a folder on the same disk.
 */
export function putBack(path: string, copy: string, kept: string): void {
  const next = restoringName(path);
  removeStore(next);
  copyFileSync(copy, next, constants.COPYFILE_EXCL);
  sync(next);
  mkdirSync(dirname(kept), { recursive: true, mode: 0o700 });
  if (existsSync(path)) keep(path, kept);
  moveLogs(path, kept);
  renameSync(next, path);
  sync(dirname(path));
}

/** As {@link putBack}, where there was no store before. */
export function setAside(path: string, kept: string): void {
  mkdirSync(dirname(kept), { recursive: true, mode: 0o700 });
  keep(path, kept);
  moveLogs(path, kept);
  rmSync(path);
  sync(dirname(path));
}

/** Before the store itself: a log that is left would be taken for the next one's own. */
function moveLogs(path: string, kept: string): void {
  const ends = ['-wal', '-shm'].filter((end) => existsSync(path + end));
  for (const end of ends) keep(path + end, kept + end);
  sync(dirname(kept));
  for (const end of ends) rmSync(path + end);
  sync(dirname(path));
}

/** Under another name as well, and on the disk. */
function keep(path: string, kept: string): void {
  nameAlso(path, kept);
  sync(kept);
}

/** A second name for a file; a copy where the file system knows none. */
export function nameAlso(path: string, kept: string): void {
  try {
    linkSync(path, kept);
  } catch (error) {
    if (!hasNoLinks(error)) throw error;
    copyFileSync(path, kept, constants.COPYFILE_EXCL);
  }
}
