import { readdirSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '#core/ports.ts';
import type { Note } from '#daemon/log.ts';

/** Between two looks whether a backup is due. */
const LOOK_MS = 60 * 60 * 1000;

/** The first look, when those who wait for a daemon to start have had their answers. */
const FIRST_LOOK_MS = 30_000;

export interface DailyBackups {
  folder: string;
  /** How many are kept; 0 makes none. */
  keep: number;
  clock: Clock;
  /** Aborted when the daemon leaves. */
  stop: AbortSignal;
  backUp: (path: string) => Promise<unknown>;
  log: Note;
}

/** A backup each day the daemon runs, and the last few of them kept. Goes on until told to stop. */
export async function backUpDaily(options: DailyBackups): Promise<void> {
  const { keep, stop } = options;
  if (keep === 0) return;
  for (let waitMs = FIRST_LOOK_MS; ; waitMs = LOOK_MS) {
    await sleep(waitMs, undefined, { signal: stop, ref: false }).catch(() => undefined);
    if (stop.aborted) return;
    await backUpIfDue(options);
  }
}

/** Today's backup, unless it is there; then only the newest are kept. */
export async function backUpIfDue(options: DailyBackups): Promise<void> {
  const { folder, keep, clock, backUp, log } = options;
  const today = `daily-${clock.today()}.db`;
  try {
    if (!dailiesIn(folder).includes(today)) await backUp(`${folder}/${today}`);
    for (const name of dailiesIn(folder).slice(keep)) rmSync(`${folder}/${name}`);
  } catch (error) {
    log('no-backup', { detail: error instanceof Error ? error.message : String(error) });
  }
}

/** The names of daily backups, the newest first. */
function dailiesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^daily-\d{4}-\d{2}-\d{2}\.db$/.test(name))
      .toSorted()
      .toReversed();
  } catch {
    return [];
  }
}
