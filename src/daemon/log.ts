import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];
export type Fields = Readonly<Record<string, string | number | boolean | null>>;

export interface LogOptions {
  path: string;
  level: Level;
  /** The file is rotated once it is larger. */
  maxBytes: number;
  nowMs: () => number;
  /** Also told each line: the terminal of a daemon in the foreground. */
  echo?: ((line: string) => void) | undefined;
}

/** Older logs kept: `hephd.log.1` is the newest of them. */
const ARCHIVES = 2;

/**
 * One line an event: time, level, name, fields as `name=value`.
 *
 * The service manager holds the same file open for what a crash prints, so it
 * is never renamed: rotating copies it aside and truncates it. Both writers
 * append, so neither leaves a hole.
 */
export class Log implements Disposable {
  readonly #options: LogOptions;
  readonly #fd: number;

  constructor(options: LogOptions) {
    this.#options = options;
    this.#fd = openSync(options.path, 'a', 0o600);
  }

  write(level: Level, event: string, fields: Fields = {}): void {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(this.#options.level)) return;
    const time = new Date(this.#options.nowMs()).toISOString();
    const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${quoted(value)}`);
    const line = `${time} ${level} ${event}${pairs.join('')}\n`;
    this.#options.echo?.(line);
    try {
      this.#rotateIfFull();
      writeSync(this.#fd, line);
    } catch {
      // A full disk must not take the daemon down with it.
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  #rotateIfFull(): void {
    const { path, maxBytes } = this.#options;
    if (fstatSync(this.#fd).size < maxBytes) return;
    for (let older = ARCHIVES; older > 1; older--) {
      if (existsSync(`${path}.${older - 1}`))
        renameSync(`${path}.${older - 1}`, `${path}.${older}`);
    }
    copyFileSync(path, `${path}.1`);
    ftruncateSync(this.#fd);
  }
}

/** Bare when it is one plain word, else JSON: no line can pretend to be two. */
function quoted(value: string | number | boolean | null): string {
  const text = String(value);
  return /^[\w./:@+-]+$/.test(text) ? text : JSON.stringify(text);
}
