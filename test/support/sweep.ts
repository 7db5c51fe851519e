import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'vitest';
import type { Death, Installation } from './sweep-installation.ts';

/** What is swept: it may die of it. @returns how it ended, or null when it serves. */
export type Run = (home: Installation, death?: Death) => Promise<string | null>;

export interface Sweep {
  /** Which it begins with, each time anew. */
  from: Installation;
  run: Run;
  /** What must hold then, and after the starts that follow. */
  afterwards: (home: Installation) => Promise<void>;
  /** Only the process that comes to the point dies, in place of all that the manager started. */
  alone?: boolean;
  /** No further than this. */
  until?: string;
}

/**
 * Run it once to see each point, then cut it before each of them; two at a time,
 * since a part of each is to wait.
 * @returns how many points there were.
 */
export async function sweep({
  from,
  run,
  afterwards,
  alone = false,
  until,
}: Sweep): Promise<number> {
  const attempt = async (before: number) => {
    const home = from.copyTo(`${from.folder}-${before}`);
    const ended = await run(home, { before, alone });
    const lines = home.points();
    if (before > 0) await afterwards(home);
    rmSync(home.folder, { recursive: true });
    return { ended, lines, points: lines.filter((line) => !line.startsWith('sync ')) };
  };
  const uncut = await attempt(0);
  expectOnDisk(uncut.lines);
  const end = until === undefined ? -1 : uncut.points.indexOf(until);
  const points = end === -1 ? uncut.points : uncut.points.slice(0, end + 1);
  const queue = points.entries();
  let hasFailed = false;
  const work = async () => {
    for (const [i, point] of queue) {
      if (hasFailed) return;
      try {
        const cut = await attempt(i + 1);
        if (!alone) expect(cut.ended).toMatch(/^SIGKILL/);
        if (!alone) expect(cut.points).toHaveLength(i + 1);
      } catch (error) {
        hasFailed = true;
        throw new Error(`cut before point ${i + 1}, ${point}: ${String(error)}`, { cause: error });
      }
    }
  };
  // What the other one has begun ends before its folder goes.
  const ended = await Promise.allSettled([work(), work()]);
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return points.length;
}

/**
 * What a kill cannot show, and a power cut would: nothing gets its name before
 * what was written is on the disk, and all names are there in the end.
 */
function expectOnDisk(lines: readonly string[]): void {
  const [written, named] = [new Set<string>(), new Set<string>()];
  for (const line of lines) {
    const [, what = '', path = ''] = /^(?:half of )?(\w+) (\S+)/.exec(line) ?? [];
    if (what === 'write' || what === 'copyFile') written.add(path);
    if (what === 'sync') for (const set of [written, named]) set.delete(path);
    // What the launcher does has the folder's own path in it, and no way to sync.
    if (/^launcher: mv .*\/current$/.test(line)) named.add('.');
    // From then on nobody turns the version in use again.
    if (line === 'rm update/probation') expect([...named], line).toEqual([]);
    // A socket has nothing to lose.
    if (!['rename', 'link'].includes(what) || ['s', 'trial.sock'].includes(path)) continue;
    expect([...written], line).toEqual([]);
    named.add(dirname(path));
  }
  expect([...named]).toEqual([]);
}
