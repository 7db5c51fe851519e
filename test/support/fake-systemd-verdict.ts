import { constants } from 'node:os';
import type { Exit } from './fake-process.ts';
import type { Settings } from './fake-systemd-settings.ts';

export type Result =
  | 'success'
  | 'exit-code'
  | 'signal'
  | 'timeout'
  | 'start-limit-hit'
  | 'resources';

/** A daemon that one of these ends has not failed. */
const CLEAN_SIGNALS: ReadonlySet<string> = new Set(['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGPIPE']);

/** What an end means. */
export function judge(exit: Exit, { successCodes, command }: Settings): Result {
  if (successCodes.includes(statusName(exit)) || command?.ignoresErrors === true) return 'success';
  if (exit.signal !== null) return CLEAN_SIGNALS.has(exit.signal) ? 'success' : 'signal';
  return exit.code === 0 ? 'success' : 'exit-code';
}

/** Whether `Restart=` brings the service back after such an end. */
export function comesBack(settings: Settings, result: Result, exit: Exit | null): boolean {
  if (exit && settings.preventsRestart.includes(statusName(exit))) return false;
  switch (settings.restart) {
    case 'always':
      return true;
    case 'on-failure':
      return result !== 'success';
    case 'on-success':
      return result === 'success';
    case 'on-abnormal':
      return result === 'signal' || result === 'timeout';
    case 'on-abort':
      return result === 'signal';
    case 'no':
      return false;
  }
}

/** How `show` tells an end: 1 is exited, 2 killed by a signal; and the code or the signal's number. */
export function exitNumbers(exit: Exit | null | undefined): { code: number; status: number } {
  if (!exit) return { code: 0, status: 0 };
  if (exit.signal === null) return { code: 1, status: exit.code ?? 0 };
  return { code: 2, status: constants.signals[exit.signal] };
}

/** So many starts in such a time, and no more; those by hand count too. */
export class StartLimit {
  #sinceMs = 0;
  #count = 0;

  /**
   * Counts one start.
   * @param timeScale what a second is worth; null for no limit.
   */
  allows({ startLimitIntervalUs, startLimitBurst }: Settings, timeScale: number | null): boolean {
    if (timeScale === null || startLimitIntervalUs === 0 || startLimitBurst === 0) return true;
    const now = performance.now();
    if (this.#count === 0 || now - this.#sinceMs > (startLimitIntervalUs / 1000) * timeScale) {
      this.#sinceMs = now;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count <= startLimitBurst;
  }

  reset(): void {
    this.#count = 0;
  }
}

function statusName({ code, signal }: Exit): string {
  return signal === null ? String(code) : signal.slice('SIG'.length);
}
