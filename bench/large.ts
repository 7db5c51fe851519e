import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openClient } from '#client/open.ts';
import { resolvePaths } from '#config/paths.ts';
import { waitsOf, type Waits } from './measure.ts';

/** How long other clients wait while much is changed at once. */
export interface LargeResult {
  lines: number;
  /** With those of `task.next` meanwhile. */
  rows: ({ name: string; seconds: number } & Waits)[];
}

const LINES = 100_000;
/** Between two questions of the one who asks meanwhile. */
const PAUSE_MS = 5;

/** An import of many lines, and its undo, with a client that asks what is next all the while. */
export async function largeChanges(
  places: { socket: string; db: string },
  folder: string,
  heph: (...args: string[]) => Promise<unknown>,
): Promise<LargeResult> {
  const path = `${folder}/todo.txt`;
  const line = (nth: number) =>
    `(${'ABCDE'[nth % 5]}) Write report number ${nth} +proj${nth % 50} @ctx${nth % 20} due:2030-12-0${1 + (nth % 9)}`;
  await writeFile(path, Array.from({ length: LINES }, (_, nth) => line(nth)).join('\n'));
  const rows = [];
  for (const [name, args] of [
    ['import', ['import', 'todotxt', path]],
    ['undo of it', ['undo']],
  ] as const) {
    const beganMs = performance.now();
    const work = heph(...args).then(() => performance.now() - beganMs);
    const waits = await waitsUntil(work, places);
    rows.push({ name, seconds: (await work) / 1000, ...waits });
  }
  return { lines: LINES, rows };
}

async function waitsUntil(
  end: Promise<unknown>,
  places: { socket: string; db: string },
): Promise<Waits> {
  const client = openClient(resolvePaths('/', '/', places));
  const enough = new AbortController();
  const ended = end.finally(() => enough.abort());
  const times: number[] = [];
  while (!enough.signal.aborted) {
    const startedMs = performance.now();
    await client.read('task.next', {});
    times.push(performance.now() - startedMs);
    await sleep(PAUSE_MS);
  }
  await ended;
  client.close();
  return waitsOf(times);
}
