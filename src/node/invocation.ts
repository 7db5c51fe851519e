import { fstatSync, writeSync } from 'node:fs';
import type { Invocation } from '#cli/command.ts';
import { OutputError } from '#cli/fail.ts';
import { readText } from '#node/text.ts';

/** What a command line gets of its process. Nothing is asked of the system that no command may need. */
export function invocationOf(process: NodeJS.Process): Invocation {
  const { env, argv, platform } = process;
  const isCompiled = argv[1]?.startsWith('/$bunfs/') === true;
  return {
    argv: argv.slice(2),
    env,
    // Asked of the system only where cron or a service left the variable out.
    home: env['HOME'] || process.getBuiltinModule('node:os').homedir(),
    cwd: process.cwd(),
    platform,
    uid: process.geteuid?.() ?? 0,
    program: { executable: process.execPath, script: isCompiled ? null : (argv[1] ?? null) },
    get columns() {
      if (!mayBeTerminal(1) || !process.stdout.isTTY) return null;
      // A serial line says that it has none.
      return process.stdout.columns || 80;
    },
    get isInteractive() {
      return mayBeTerminal(1) && mayBeTerminal(0) && process.stdout.isTTY && process.stdin.isTTY;
    },
    edit: async (command, text) => (await import('#node/editor.ts')).edit(command, text),
    openLog: async (files) => (await import('#node/log-reader.ts')).openLog(files),
    isReaderGone: () => hasLostReader,
    stdout: (text) => writeAll(1, text),
    stderr: (text) => writeAll(2, text),
    readStdin: () => readText('-'),
    readText: async (path) => (await import('#node/import-files.ts')).readImport(path),
    readFolder: async (...asked) => (await import('#node/import-files.ts')).readFolder(...asked),
    isFolder: async (path) => (await import('#node/export-files.ts')).isFolder(path),
    writeFile: async (...asked) => (await import('#node/export-files.ts')).writeNewFile(...asked),
    writeFolder: async (...asked) =>
      (await import('#node/export-files.ts')).writeNewFolder(...asked),
  };
}

/**
 * Asked before `process.stdout` is touched, because making that stream costs
 * the compiled client as much as all the rest: only a character device can be a
 * terminal, and `/dev/null` (device 1:3 on Linux) is none.
 */
function mayBeTerminal(fd: number): boolean {
  const stat = fstatSync(fd);
  return stat.isCharacterDevice() && stat.rdev !== 0x103;
}

/** A write to stdout has failed because nobody reads there; nothing tells of it before. */
let hasLostReader = false;

/**
 * Straight to the descriptor: the process may exit at once after, and nothing is lost in a stream.
 * @throws {OutputError} stdout takes no more. Of stderr nobody could be told.
 */
function writeAll(fd: 1 | 2, text: string): void {
  let rest: Uint8Array = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
        continue;
      }
      // Whoever read us has seen enough: `heph list | head`.
      if (fd === 1 && code === 'EPIPE') hasLostReader = true;
      else if (fd === 1) throw new OutputError(inWords(error as Error), { cause: error });
      return;
    }
  }
}

/** `ENOSPC: no space left on device, write` without its code and its call. */
function inWords({ message }: Error): string {
  return message.replace(/^E[A-Z]+: /, '').replace(/, write$/, '');
}
