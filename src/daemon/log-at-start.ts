import { fstatSync, statSync, type Stats } from 'node:fs';
import { DEFAULT_LOG_BYTES } from '#config/log-files.ts';
import { overridesFromEnv, resolvePaths, type Paths } from '#config/paths.ts';
import { isSameFile } from '#daemon/log-claim.ts';
import { makeArchivesPrivate } from '#daemon/log-file.ts';
import { appendBounded } from '#daemon/log.ts';
import { parseDaemonOptions } from '#daemon/options.ts';

/** What the process knows of itself before anything is loaded. */
interface Start {
  argv: string[];
  env: Readonly<Record<string, string | undefined>>;
  home: string;
  cwd: string;
}

/**
 * Bound the log before anything that can fail: under a manager, a daemon that
 * dies on arrival says why once a second for weeks, and never comes to log.
 * It needs no more than Node, and the settings if they can be read.
 * @returns null, or why nothing will be logged. Never rejects.
 */
export async function boundLogAtStart(start: Start): Promise<string | null> {
  const paths = pathsOf(start);
  if (paths === null) return null;
  try {
    const maxBytes = await limitOf(paths.config);
    makeArchivesPrivate(paths.log);
    appendBounded({ path: paths.log, maxBytes, nowMs: Date.now }, null);
    return null;
  } catch (error) {
    return `cannot log to ${paths.log}: ${(error as Error).message}; remove or mend it, hephd goes on without`;
  }
}

/** Null: there is no log of this start. */
function pathsOf({ argv, env, home, cwd }: Start): Paths | null {
  try {
    const options = parseDaemonOptions(argv, env, home, cwd);
    return options.do === 'serve' ? options.paths : null;
  } catch {
    // Words that make no sense may name any store. What they cost is only sure where it goes.
    const paths = resolvePaths(home, cwd, overridesFromEnv(env));
    return isStderr(paths.log) ? paths : null;
  }
}

function isStderr(path: string): boolean {
  const there = statOf(() => statSync(path));
  const stderr = statOf(() => fstatSync(2));
  return there !== null && stderr !== null && isSameFile(there, stderr);
}

function statOf(stat: () => Stats): Stats | null {
  try {
    return stat();
  } catch {
    return null;
  }
}

/** The packages that read settings may be what is broken. */
async function limitOf(config: string): Promise<number> {
  try {
    const { loadSettings } = await import('#config/load.ts');
    return loadSettings(config)['log.max_bytes'];
  } catch {
    return DEFAULT_LOG_BYTES;
  }
}
