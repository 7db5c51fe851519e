import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { greetingOf } from '#client/probe.ts';
import { socketDialer } from '#client/socket';
import { root } from './support.ts';

export interface Places {
  socket: string;
  db: string;
}

/** The variables that point the tree's programs at these places, and at no settings of the user's. */
export function environment({ socket, db }: Places): Record<string, string> {
  return { HEPH_SOCKET: socket, HEPH_DB: db, HEPH_CONFIG: `${db}.toml` };
}

/** A started daemon. */
export interface WorkingTreeDaemon {
  stop(): void;
  ended: Promise<unknown>;
}

/**
 * Start the working tree's hephd and wait until it answers.
 * @param watch restart it whenever a source file changes.
 * @throws when it ends instead, with what it said.
 */
export async function startDaemon(
  places: Places,
  { watch }: { watch: boolean },
): Promise<WorkingTreeDaemon> {
  const watching = watch ? [`--watch-path=${root}/src`, '--watch-preserve-output'] : [];
  const daemon = execa(process.execPath, [...watching, `${root}/src/bin/hephd.ts`], {
    env: environment(places),
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: watch ? 'inherit' : 'pipe',
    reject: false,
  });
  let ended: string | null = null;
  void daemon.then((result) => {
    ended = `cannot start hephd: ${result.stderr ?? `it ended with ${result.exitCode}`}`;
  });
  while ((await greetingOf(socketDialer(places.socket), places.socket)).kind !== 'answers') {
    if (ended !== null) throw new Error(ended);
    await sleep(30);
  }
  return { stop: () => void daemon.kill('SIGTERM'), ended: daemon };
}
