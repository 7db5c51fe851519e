import { ConfigError } from '#config/load.ts';
import { HephError } from '#core/errors.ts';
import { UsageError } from '#daemon/options.ts';
import { SocketError } from '#daemon/socket.ts';
import { stack } from '#daemon/stack.ts';
import { NoProbationError } from '#daemon/trial.ts';
import { SCARCE, sqliteCode, StoreError } from '#store/problems.ts';

/**
 * Exit codes. 78 is sysexits' "configuration error": whatever is wrong will
 * still be wrong in a second, and the unit tells systemd not to try again.
 */
export const EXIT = { done: 0, failed: 1, usage: 2, neverRetry: 78 } as const;

/** What hephd says when it cannot go on, and its exit code. */
export function explainEnd(error: unknown): { message: string; code: number } {
  if (error instanceof UsageError) {
    return { message: `${error.message} (hephd --help)`, code: EXIT.usage };
  }
  if (error instanceof StoreError && error.reason === 'passing') {
    return { message: error.message, code: EXIT.failed };
  }
  if (error instanceof NoProbationError) return { message: error.message, code: EXIT.failed };
  const isKnown = [StoreError, SocketError, ConfigError].some((known) => error instanceof known);
  if (isKnown) return { message: (error as Error).message, code: EXIT.neverRetry };
  if (error instanceof HephError && error.problem.code === 'bad_backup') {
    const { path, why } = error.problem;
    const message = `cannot start: the store is to be copied before it is changed, and ${path} cannot be made: ${why}`;
    return { message, code: isPassing(error.cause) ? EXIT.failed : EXIT.neverRetry };
  }
  const code = (error as NodeJS.ErrnoException).code;
  if (sqliteCode(error) === null && typeof code === 'string') {
    const message = `cannot start: ${(error as Error).message}`;
    // Else the folder is missing, is a file, or may not be written: as wrong tomorrow as today.
    return { message, code: isPassing(error) ? EXIT.failed : EXIT.neverRetry };
  }
  return { message: `cannot start: ${stack(error)}`, code: EXIT.failed };
}

/** The disk, or the system: the manager tries again. */
function isPassing(error: unknown): boolean {
  const code = sqliteCode(error) ?? (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  return SCARCE.has(code) || /^(EIO$|SQLITE_(FULL|IOERR|BUSY))/.test(code);
}
