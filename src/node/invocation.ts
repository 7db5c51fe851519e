import { readFileSync, writeSync } from 'node:fs';
import type { Invocation } from '#cli/command.ts';

/** What a command line gets of its process. Nothing is asked of the system that no command may need. */
export function invocationOf(process: NodeJS.Process): Invocation {
  const { env, argv, platform } = process;
  const isCompiled = argv[1]?.startsWith('/$bunfs/') === true;
  return {
    argv: argv.slice(2),
    env,
    home: env['HOME'] ?? '/',
    cwd: process.cwd(),
    platform,
    uid: process.geteuid?.() ?? 0,
    user: env['USER'] ?? env['LOGNAME'] ?? '',
    program: { executable: process.execPath, script: isCompiled ? null : (argv[1] ?? null) },
    get columns() {
      return process.stdout.isTTY ? process.stdout.columns : null;
    },
    get isStdinTerminal() {
      return process.stdin.isTTY;
    },
    stdout: (text) => writeAll(1, text),
    stderr: (text) => writeAll(2, text),
    readStdin: () => readFileSync(0, 'utf8'),
  };
}

/** Straight to the descriptor: the process may exit at once after, and nothing is lost in a stream. */
function writeAll(fd: number, text: string): void {
  let rest: Uint8Array = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Whoever read us has seen enough: `heph list | head`.
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
