import { existsSync } from 'node:fs';
import { launchedAs, updateForbidden } from '#config/update-variables.ts';

export interface Installation {
  env: Readonly<Record<string, string | undefined>>;
  pid: number;
  /** The runtime that runs hephd, links resolved. */
  executable: string;
  /** hephd's own program. */
  script: string;
  dataDir: string;
}

/** Null, or why this hephd does not replace itself, and what does: whoever put it there. */
export function whyNotReplaced(installation: Installation): string | null {
  const { env, pid, executable, script, dataDir } = installation;
  const forbidden = updateForbidden(env);
  if (forbidden !== null) return `${forbidden} is set`;
  if (!executable.startsWith(`${dataDir}/versions/`)) return whoseItIs(script);
  if (launchedAs(env) === pid) return null;
  return 'it is not run by its service, which would start it again; use: heph daemon start';
}

function whoseItIs(script: string): string {
  if (script.includes('/node_modules/'))
    return 'npm has installed it; use: npm install --global hephaestus@latest, then heph daemon restart';
  if (existsSync(`${script.replace(/\/src\/bin\/[^/]*$/, '')}/.git`))
    return 'it is a working tree; use: git pull, then npm ci';
  return 'it was not installed by install.sh; run that of the newer release, then heph daemon restart';
}
