import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/** A second end this soon after the first is the same trouble again. */
const RECENT_MS = 600_000;
/** How long a process that would end for the same reason waits before it does. */
const HOLD_BACK_MS = 60_000;

export interface HoldBackOptions {
  /** Where the last such end is remembered. */
  path: string;
  env: Readonly<Record<string, string | undefined>>;
  nowMs: () => number;
  /** Ends with the time, or at once when the process is told to go. */
  wait: (ms: number) => Promise<void>;
}

/**
 * Called before an end for a reason that a second try cannot change. systemd is
 * told by the exit code not to try again; launchd has no such rule and would
 * have it fail every few seconds for ever. So, under launchd, the first such end
 * is at once, for whoever is waiting to see it, and every further one waits.
 */
export async function holdBack({ path, env, nowMs, wait }: HoldBackOptions): Promise<void> {
  if (!isUnderLaunchd(env)) return;
  const isAgain = nowMs() - lastEnd(path) < RECENT_MS;
  const isNoted = note(path, nowMs());
  if (isAgain || !isNoted) await wait(HOLD_BACK_MS);
}

/** It serves: whatever was wrong is mended. */
export function forgetHoldBack(path: string): void {
  rmSync(path, { force: true });
}

/** launchd names its jobs; a terminal's shell has a 0 there, or nothing. */
function isUnderLaunchd(env: HoldBackOptions['env']): boolean {
  const name = env['XPC_SERVICE_NAME'] ?? '0';
  return name !== '0' && name !== '';
}

function lastEnd(path: string): number {
  try {
    const { at_ms: atMs } = JSON.parse(readFileSync(path, 'utf8')) as { at_ms?: unknown };
    return typeof atMs === 'number' ? atMs : -Infinity;
  } catch {
    return -Infinity;
  }
}

function note(path: string, atMs: number): boolean {
  try {
    writeFileSync(path, `${JSON.stringify({ at_ms: atMs })}\n`, { mode: 0o600 });
    return true;
  } catch {
    // The folder may be what is wrong.
    return false;
  }
}
