type Env = Readonly<Record<string, string | undefined>>;

/**
 * What the launcher tells hephd, and hephd its children nothing of.
 * `scripts/artefact/launcher` sets both.
 */
export const LAUNCHER_VARIABLES = ['HEPH_LAUNCHER', 'HEPH_GAVE_BACK'] as const;

/** The process id of the hephd that a launcher became; null for one that came another way. */
export function launchedAs(env: Env): number | null {
  const pid = Number(env['HEPH_LAUNCHER']);
  return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
}

/** How the version ended that failed its trial just now; null when none did. */
export function gaveBack(env: Env): string | null {
  return env['HEPH_GAVE_BACK'] || null;
}

/** The variable that forbids every update, and says so to whoever asks for one; null when it is not set. */
export function updateForbidden(env: Env): string | null {
  const text = env['HEPH_NO_SELF_UPDATE'] ?? '';
  return text === '' || text === '0' ? null : 'HEPH_NO_SELF_UPDATE';
}
