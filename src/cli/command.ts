import type { FolderFiles } from '#cli/import/reader.ts';
import type { Client } from '#client/client.ts';
import type { LogFiles } from '#config/log-files.ts';
import type { Paths } from '#config/paths.ts';
import type { Program } from '#service/executable.ts';

/** What the daemon knows, and is asked for while a word is typed. */
export const ASKED = ['task', 'doc', 'project', 'tag', 'key'] as const;
export type Asked = (typeof ASKED)[number];

/** What a shell offers for a word: what the daemon knows, a file, the names of settings, or one of these. */
export type Completes = Asked | 'file' | 'setting' | readonly string[];

/** A word after the command's name. */
export interface ArgumentSpec {
  name: string;
  summary: string;
  completes?: Completes;
  isOptional?: boolean;
  /** Takes all the words that are left, one at least. */
  isMany?: boolean;
  /** A word that begins with one dash and is no option of the command is one of these. */
  mayBeDashed?: boolean;
}

export interface OptionSpec {
  name: string;
  /** One letter. */
  short?: string;
  /** What it takes, as shown in the help; a flag takes nothing. */
  value?: string;
  /** May be given several times. */
  isMany?: boolean;
  summary: string;
  completes?: Completes;
}

/**
 * What a command is. One table of these makes the parser, the help, and
 * `docs/reference/cli.md`.
 */
export interface CommandSpec {
  /** `['project', 'add']` is `heph project add`. */
  path: readonly string[];
  /** Imperative, one line, no full stop. */
  summary: string;
  /** More of what a user should know; plain lines. */
  details?: string;
  args?: readonly ArgumentSpec[];
  options?: readonly OptionSpec[];
  examples?: readonly string[];
  /** Only the command that was typed is loaded. */
  load(): Promise<{ run: RunCommandLine }>;
}

export type OptionValues = Readonly<
  Record<string, string | boolean | (string | boolean)[] | undefined>
>;

/** What was typed, by the words of its spec. */
export class Input {
  readonly command: CommandSpec;
  readonly args: readonly string[];
  readonly #options: OptionValues;

  constructor(command: CommandSpec, args: readonly string[], options: OptionValues) {
    this.command = command;
    this.args = args;
    this.#options = options;
  }

  /** The first word; its presence was checked against the spec. */
  get first(): string {
    return this.args[0] ?? '';
  }

  flag(name: string): boolean {
    return this.#options[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#options[name];
    return typeof value === 'string' ? value : undefined;
  }

  texts(name: string): string[] | undefined {
    const value = this.#options[name];
    return Array.isArray(value) ? value.map(String) : undefined;
  }
}

/** What a process gives its command line. */
export interface Invocation {
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  home: string;
  cwd: string;
  platform: string;
  uid: number;
  /** The program as it was called: what finds its daemon. */
  program: Program;
  /** Columns of the terminal that stdout is; null when it is none. */
  columns: number | null;
  /** @throws {OutputError} it takes no more. */
  stdout(text: string): void;
  stderr(text: string): void;
  /** Both ends are a terminal: somebody is there to use an editor. */
  isInteractive: boolean;
  /** Lets the user edit a text. Rejects with why it could not be done, and where what was saved is. */
  edit: (command: string, text: string) => Promise<Edited>;
  /** A reader of these files; none need be there. */
  openLog: (files: LogFiles) => Promise<LogReader>;
  /** What was printed last, nobody read: the other end of the pipe is closed. */
  isReaderGone(): boolean;
  /** All of standard input, as text. @throws in words that begin with "cannot". */
  readStdin(): string;
  /** A file's text, of standard input for `-`. Rejects in words that begin with "cannot". */
  readText: (path: string) => Promise<string>;
  /**
   * The files of a folder that end so, and of the folders in it; one longer
   * than `bytesMax` is reported. Rejects in words that begin with "cannot".
   */
  readFolder: (path: string, ending: string, bytesMax: number) => Promise<FolderFiles>;
  isFolder: (path: string) => Promise<boolean>;
  /** A new file, whole or not at all. Rejects in words that begin with "cannot". */
  writeFile: (path: string, texts: AsyncIterable<string>) => Promise<void>;
  /** A new folder of files, whole or not at all. Rejects in words that begin with "cannot". */
  writeFolder: (
    path: string,
    files: AsyncIterable<{ path: string; text: string }>,
  ) => Promise<void>;
}

/** A text that came back from an editor, and the file it lies in until it is discarded. */
export interface Edited {
  text: string;
  path: string;
  discard: () => void;
}

/** A log, read while it is written and rotated: no line is lost or read twice. */
export interface LogReader {
  /**
   * The last lines, the oldest first; null where there is no log.
   * @param wholeOnly leave a line whose end is not written yet to `more`.
   * @throws it cannot be read.
   */
  last(count: number, wholeOnly: boolean): Promise<string[] | null>;
  /** The lines that came since; may be none. @throws it cannot be read. */
  more(): Promise<string[]>;
}

/** What a command may use. */
export interface Context {
  invocation: Invocation;
  paths: Paths;
  isJson: boolean;
  /** Every command that the help has. */
  commands: readonly CommandSpec[];
  /** Connected at the first request. */
  client: () => Promise<Client>;
  /** Print what was asked for. */
  print: (text: string) => void;
  /** Print anything else. */
  note: (text: string) => void;
}

/** Resolves to the exit code, 0 when nothing is said. */
export type RunCommandLine = (input: Input, context: Context) => Promise<number | void>;
