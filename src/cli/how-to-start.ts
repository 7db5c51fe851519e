import type { Invocation } from '#cli/command.ts';
import { defaultPaths, overridesFromEnv, resolvePaths } from '#config/paths.ts';

/** The command for the hephd that was asked: `heph daemon` manages the installed one only. */
export function howToStart({ home, cwd, env }: Invocation): string {
  const overrides = overridesFromEnv(env);
  const { socket, db } = resolvePaths(home, cwd, overrides);
  if (socket === defaultPaths(home).socket) return 'heph daemon start';
  // The store that lies beside the socket is a guess, and a wrong one would be made anew.
  return `hephd --socket ${socket} --db ${overrides.db === undefined ? 'FILE' : db}`;
}
