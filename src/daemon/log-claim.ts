import {
  closeSync,
  fchmodSync,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  unlinkSync,
  type Stats,
} from 'node:fs';
import type { LogFiles } from '#config/log-files.ts';

/** The exclusive right to rotate a log: a file that is to become its archive. */
export class Claim implements Disposable {
  readonly fd: number;
  readonly #path: string;

  private constructor(fd: number, path: string) {
    this.fd = fd;
    this.#path = path;
  }

  /**
   * Null: another process has it.
   * @throws it cannot be made, or something that is no file has its name.
   */
  static take(files: LogFiles): Claim | null {
    dropStale(files);
    try {
      const fd = openSync(files.claim, 'wx', 0o600);
      makePrivate(fd);
      return new Claim(fd, files.claim);
    } catch (error) {
      if (isTaken(error, files.claim)) return null;
      throw error;
    }
  }

  /**
   * Give it the archive's name as well.
   * @returns whether the log may now be truncated: another process may have
   *   taken a claim that stood still for stale, and done all of this before.
   */
  publish(archive: string): boolean {
    if (!this.#isMine(this.#path)) return false;
    try {
      linkSync(this.#path, archive);
    } catch (error) {
      if (isTaken(error, archive)) return false;
      throw error;
    }
    return this.#isMine(archive);
  }

  [Symbol.dispose](): void {
    const isMine = this.#isMine(this.#path);
    closeSync(this.fd);
    if (isMine) unlinkSync(this.#path);
  }

  #isMine(path: string): boolean {
    const there = lstatSync(path, { throwIfNoEntry: false });
    return there !== undefined && isSameFile(there, fstatSync(this.fd));
  }
}

/** @throws something that is no plain file has that name. */
export function isThere(path: string): boolean {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there?.isFile() === false) throw new Error(`${path} is not a plain file`);
  return there !== undefined;
}

export function isSameFile(one: Stats, other: Stats): boolean {
  return one.ino === other.ino && one.dev === other.dev;
}

/** Mode 0600, whoever made it and whatever the umask. Some file systems have no modes to set. */
export function makePrivate(fd: number): void {
  try {
    if ((fstatSync(fd).mode & 0o777) !== 0o600) fchmodSync(fd, 0o600);
  } catch {
    // Not worth a line of the log.
  }
}

function dropStale({ claim, claimMs }: LogFiles): void {
  const there = lstatSync(claim, { throwIfNoEntry: false });
  if (there?.isFile() !== true) return;
  // Either way: a clock that was set back must not keep it for ever.
  if (Math.abs(Date.now() - there.mtimeMs) > claimMs) unlinkSync(claim);
}

/** It was there when we asked, and may be gone by now. @throws something that is no plain file has that name. */
function isTaken(error: unknown, path: string): boolean {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
  isThere(path);
  return true;
}
