import { closeSync, writeSync } from 'node:fs';
import { boundLog, openLogFile } from '#daemon/log-file.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];
export type Fields = Readonly<Record<string, string | number | boolean | null>>;

/** How a part of the daemon tells the log of something; at which level is not its affair. */
export type Note = (event: string, fields: Record<string, string | number>) => void;

export interface LogOptions {
  path: string;
  level: Level;
  /** No file, archive or not, is larger. */
  maxBytes: number;
  nowMs: () => number;
  /** Also told each line: the terminal of a daemon in the foreground. */
  echo?: ((line: string) => void) | undefined;
}

/** The most of one value that is written; a stack has some thousand characters. */
const VALUE_CHARS_MAX = 8192;
/** What the manager's descriptor brings while the daemon runs is bounded this often. */
const CHECK_MS = 60_000;

/**
 * One line an event: time, level, name, fields as `name=value`.
 *
 * The file is opened for each line. A descriptor that is kept would outlive it:
 * after an `rm` or `mv`, lines would go where nobody looks. Nothing that is
 * wrong with the file takes the daemon down, or keeps it from coming up.
 */
export class Log implements Disposable {
  readonly #options: LogOptions;
  readonly #checks: NodeJS.Timeout;

  constructor(options: LogOptions) {
    this.#options = options;
    this.#checks = setInterval(() => this.#append(null), CHECK_MS).unref();
  }

  write(level: Level, event: string, fields: Fields = {}): void {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(this.#options.level)) return;
    const line = logLine(this.#options.nowMs(), level, event, fields);
    this.#options.echo?.(line);
    this.#append(line);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#checks);
  }

  #append(line: string | null): void {
    try {
      appendBounded(this.#options, line);
    } catch {
      // A full disk must not take the daemon down with it.
    }
  }
}

/**
 * Bound the log, then append to it.
 * @param line null: the log is only bounded, and not made if there is none.
 * @throws it is no plain file, or cannot be written.
 */
export function appendBounded(
  { path, maxBytes, nowMs }: Pick<LogOptions, 'path' | 'maxBytes' | 'nowMs'>,
  line: string | null,
): void {
  const fd = openLogFile(path, line !== null);
  if (fd === null) return;
  try {
    const why = boundLog(fd, path, maxBytes, Buffer.byteLength(line ?? ''));
    if (why !== null) writeSync(fd, logLine(nowMs(), 'warn', 'log-cut', { why: why.message }));
    if (line !== null) writeSync(fd, line);
  } finally {
    closeSync(fd);
  }
}

function logLine(nowMs: number, level: Level, event: string, fields: Fields): string {
  const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${quoted(value)}`);
  return `${new Date(nowMs).toISOString()} ${level} ${event}${pairs.join('')}\n`;
}

/** Bare when it is one plain word, else JSON: no line can pretend to be two. */
function quoted(value: string | number | boolean | null): string {
  const text = String(value);
  const short =
    text.length <= VALUE_CHARS_MAX
      ? text
      : `${text.slice(0, VALUE_CHARS_MAX)}... (${text.length} characters)`;
  return /^[\w./:@+-]+$/.test(short) ? short : JSON.stringify(short);
}
