import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CommandOutcome } from '#service/service.ts';

/** A program to put in a unit; its words are told in its head. */
export const STAND_IN = fileURLToPath(new URL('../../fixtures/bin/stand-in', import.meta.url));

/** A home directory of its own, gone when it is disposed. */
export class TemporaryHome implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'heph-home-'));

  /** Write a file under it, with its folders. @returns its path. */
  write(name: string, text: string, mode = 0o644): string {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  }

  /** The lines of a file under it; none where there is no file. */
  lines(name: string): string[] {
    const path = join(this.path, name);
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Wait for something to be so; a test that waits in vain is ended by the runner. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(3);
}

/** What a call printed and how it ended, as one text; a time-out or a missing program by its name. */
export function told(outcome: CommandOutcome): string {
  if (outcome.kind !== 'exited') return outcome.kind;
  return `${outcome.stdout}${outcome.stderr}rc ${outcome.code}`;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A zombie has ended; nobody has looked at it yet.
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return !/\) Z /.test(stat);
}
