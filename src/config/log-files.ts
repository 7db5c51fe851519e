/** What lies beside a log. Daemon and reader agree here, for they meet nowhere else. */
export interface LogFiles {
  log: string;
  /** Older logs, the newest first. */
  archives: readonly [string, string];
  /** There only while the log is rotated: the archive in the making, and the claim on making it. */
  claim: string;
  /** A claim untouched for longer was left behind by a process that was killed. */
  claimMs: number;
}

export function logFilesOf(log: string): LogFiles {
  return { log, archives: [`${log}.1`, `${log}.2`], claim: `${log}.new`, claimMs: 10_000 };
}

/** `log.max_bytes` where no setting says otherwise, or none can be read: years of a healthy daemon. */
export const DEFAULT_LOG_BYTES = 5 * 1024 * 1024;
