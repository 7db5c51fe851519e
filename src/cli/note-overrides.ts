import type { Context } from '#cli/command.ts';
import { overridesFromEnv, PATH_VARIABLES } from '#config/paths.ts';

/** The names of our variables that are set and point elsewhere. */
export function variablesSet({ invocation }: Context): string[] {
  const overrides = overridesFromEnv(invocation.env);
  const set = (['socket', 'db', 'config'] as const).filter((name) => overrides[name] !== undefined);
  return set.map((name) => PATH_VARIABLES[name]);
}

/** The service is always the installed one: what points elsewhere is for development. */
export function noteOverrides(context: Context): void {
  const set = variablesSet(context);
  if (set.length === 0) return;
  const verb = set.length === 1 ? 'does' : 'do';
  context.note(`heph daemon manages the installed hephd: ${set.join(', ')} ${verb} not apply`);
}
