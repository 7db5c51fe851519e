import type { ClientTrouble } from '#client/errors.ts';
import type { Problem } from '#core/errors.ts';
import type { ServiceError } from '#service/service.ts';

/** Exit codes, the same for every command (`docs/reference/exit-codes.md`). */
export const EXIT = { done: 0, failed: 1, usage: 2, noDaemon: 3, cannotTell: 4 } as const;
type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The codes of what fails here; all others are the daemon's, the connection's or the service's. */
export type OwnCode = 'usage' | 'log_unreadable' | 'file' | 'timeout' | 'bad_config' | 'internal';

/** A failure in words: what cannot be done, and what to do about it. */
export interface Failure {
  /** Stable, for scripts. */
  code: OwnCode | Problem['code'] | ClientTrouble['code'] | ServiceError['kind'];
  /** Begins with "cannot". */
  message: string;
  hint: string | null;
  exit: ExitCode;
}

/** A file that cannot be read or written; the message begins with "cannot". */
export class FileError extends Error {}

/** Standard output that takes no more, for another reason than that nobody reads it; the message says why. */
export class OutputError extends Error {
  /** Something was changed before. */
  isAfterChange = false;
}

/** An editor that did not do its work; the message says why. */
export class EditorError extends Error {
  /** The file of what it had saved before, if it had. */
  readonly keptIn: string | null;

  constructor(message: string, keptIn: string | null, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EditorError';
    this.keptIn = keptIn;
  }
}

/** A log that cannot be read. */
export class LogError extends Error {}

/** What was waited for has not come. */
export class TimeIsOver extends Error {}

/** A command line that makes no sense. */
export class UsageError extends Error {
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null) {
    super(message);
    this.name = 'UsageError';
    this.hint = hint;
  }
}
