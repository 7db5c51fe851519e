import type { Context } from '#cli/command.ts';
import { overridesFromEnv, PATH_VARIABLES } from '#config/paths.ts';

/** The service is always the installed one: what points elsewhere is for development. */
export function noteOverrides({ invocation, note }: Context): void {
  const overrides = overridesFromEnv(invocation.env);
  const set = (['socket', 'db', 'config'] as const).filter((name) => overrides[name] !== undefined);
  if (set.length === 0) return;
  const names = set.map((name) => PATH_VARIABLES[name]).join(', ');
  note(
    `heph daemon manages the installed hephd: ${names} ${set.length === 1 ? 'does' : 'do'} not apply`,
  );
}
