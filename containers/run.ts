import { spawn } from 'node:child_process';

export interface RunOptions {
  env?: Record<string, string>;
  timeoutMs?: number;
}

export interface RunResult {
  code: number;
  stdout: Buffer;
  stderr: string;
}

/**
 * Runs a program to its end and reports how it ended; it throws for nothing. A program that is not
 * there ends with 127, one that ran out of time with 124, as in a shell.
 */
export async function run(
  program: string,
  args: string[],
  { env, timeoutMs }: RunOptions = {},
): Promise<RunResult> {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
    killSignal: 'SIGKILL',
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));

  const { promise: ended, resolve } = Promise.withResolvers<number>();
  child.on('error', (error) => {
    stderr.push(Buffer.from(`${program}: ${error.message}\n`));
    resolve(error.name === 'AbortError' ? 124 : 127);
  });
  child.on('close', (code) => resolve(code ?? 1));
  const code = await ended;
  return { code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
}

/** As `run`, for what has to succeed: gives its output, or throws with the end of what it said. */
export async function output(
  program: string,
  args: string[],
  options?: RunOptions,
): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, options);
  if (code !== 0) {
    const said = `${stdout.toString()}${stderr}`.trim().split('\n').slice(-15).join('\n');
    throw new Error(`\`${program} ${args.join(' ')}\` ended with ${code}:\n${said}`);
  }
  return stdout.toString().trim();
}

export async function isInstalled(program: string): Promise<boolean> {
  const found = await run('which', [program]);
  return found.code === 0;
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

export const say = (line: string): void => {
  process.stderr.write(`containers: ${line}\n`);
};
