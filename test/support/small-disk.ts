import { spawnSync } from 'node:child_process';

/**
 * Runs this Node with a small disk of its own at a folder, for it and what it starts alone.
 * @param prepare shell words, done in that folder first.
 * @returns words to run it with; or why that cannot be done here.
 */
export function onSmallDisk(
  folder: string,
  { size, prepare = ':' }: { size: string; prepare?: string },
): { runner: readonly string[]; missing: string | null } {
  const mount = `mkdir -p '${folder}' && mount -t tmpfs -o size=${size} tmpfs '${folder}'`;
  const inShell = (script: string) => ['unshare', '-m', 'sh', '-c', script] as const;
  const [program, ...words] = inShell(mount);
  const isPossible = spawnSync(program, words).status === 0;
  return {
    runner: [
      ...inShell(`${mount} && cd '${folder}' && { ${prepare}; exec "$@"; }`),
      'sh',
      process.execPath,
    ],
    missing: isPossible
      ? null
      : "no disk of a test's own can be mounted here: it takes root and Linux",
  };
}
