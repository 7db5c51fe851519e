import { readFileSync } from 'node:fs';
import { loadSettings } from '#config/load.ts';
import type { Paths } from '#config/paths.ts';
import { LAUNCHER_VARIABLES } from '#config/update-variables.ts';
import type { Clock } from '#core/ports.ts';
import type { Changes } from '#daemon/changes.ts';
import type { Note } from '#daemon/log.ts';
import type { LongQueries } from '#daemon/long-queries.ts';
import type { Turns } from '#daemon/turns.ts';
import { Updater } from '#daemon/updater.ts';
import { runCommand } from '#node/run-command.ts';
import type { Result } from '#protocol/methods.ts';
import { VERSION } from '#protocol/version.ts';
import { backUp } from '#store/backup.ts';
import type { Store } from '#store/store.ts';
import { updatePlaces } from '#update/places.ts';

export interface UpdatingOptions {
  paths: Paths;
  /** `linux-x64`. */
  platform: string;
  /** Null, or why this hephd does not replace itself. */
  whyNot: string | null;
  store: Store;
  copies: Turns;
  changes: Changes;
  slowQueries: LongQueries;
  clock: Clock;
  leave: (why: string) => void;
  stop: AbortSignal;
  log: Note;
}

/** A child must not take for its own what the launcher told this process. */
const NOT_FOR_CHILDREN = Object.fromEntries(LAUNCHER_VARIABLES.map((name) => [name, null]));

/** The updater of this process, this installation and this store. */
export function updaterOf(options: UpdatingOptions): Updater {
  const { paths, platform, whyNot, store, copies, changes, slowQueries } = options;
  const { clock, leave, stop, log } = options;
  const { dataDir, backups, handOver } = paths;
  const places = updatePlaces(dataDir);
  const own = ownKeys(`${places.versions}/${VERSION}`);
  return new Updater({
    places,
    backups,
    handOver,
    wish: () => {
      const settings = loadSettings(paths.config);
      return {
        isOn: settings['update.enabled'],
        feed: settings['update.feed'],
        keys: [...settings['update.keys'], ...own],
      };
    },
    platform,
    clock,
    whyNot,
    // Of the store that is in place by then.
    copyStore: (to) =>
      copies.take(async () => void (await backUp(store.db, to, { check: async () => [] }))),
    betweenChanges: (work) => changes.between(work),
    problemsOf: async (path) => {
      const json = await slowQueries.run('store.check', { path, any_schema: true });
      return (JSON.parse(json) as Result<'store.check'>).problems;
    },
    run: async (file, args, limitMs, signal) => {
      const ran = await runCommand(file, args, { limitMs, env: NOT_FOR_CHILDREN, signal });
      if (ran.kind === 'exited') return ran;
      const why = ran.kind === 'missing' ? 'it cannot be run' : `it takes more than ${limitMs} ms`;
      return { code: 128, stdout: '', stderr: why };
    },
    leave,
    stop,
    log,
  });
}

/** Those that the artefact brought along: one a line, and what begins with # is none. */
function ownKeys(folder: string): string[] {
  try {
    const lines = readFileSync(`${folder}/lib/release-keys.txt`, 'utf8').split('\n');
    return lines.filter((line) => line !== '' && !line.startsWith('#'));
  } catch {
    return [];
  }
}
