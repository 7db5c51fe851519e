import { PassThrough, addAbortSignal, type Readable, type Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { getContainerRuntimeClient } from 'testcontainers';

export type Client = Awaited<ReturnType<typeof getContainerRuntimeClient>>;
export type DockerContainer = ReturnType<Client['container']['getById']>;

export interface ContainerCommand {
  argv: string[];
  user: string;
  /** `NAME=value` each. */
  env: string[];
  cwd: string;
  stdin: string | Uint8Array | undefined;
  timeoutMs: number;
}

export interface ExecResult {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a command in a container. It ends as in a shell (127 for a command that is not there), and
 * throws only when the command outlives its time, or the engine cannot start it. The engine waits
 * two seconds for a child that stays in the background and keeps the output: redirect it.
 *
 * `timeout` runs inside the container because an exec cannot be killed from outside: to go away is
 * all that a client can do, and the command would stay behind and disturb the next test. It shows:
 * `pgrep -f` and `pkill -f` in a target find the `timeout` around themselves.
 */
export async function execIn(
  container: DockerContainer,
  { argv, user, env, cwd, stdin, timeoutMs }: ContainerCommand,
): Promise<ExecResult> {
  const exec = await container.exec({
    Cmd: ['timeout', '--kill-after=2', String(timeoutMs / 1000), ...argv],
    User: user,
    Env: env,
    WorkingDir: cwd,
    AttachStdin: stdin !== undefined,
    AttachStdout: true,
    AttachStderr: true,
  });
  const begun = performance.now();
  const stream = await exec.start({ hijack: true, stdin: true });
  addAbortSignal(AbortSignal.timeout(timeoutMs + 10_000), stream);
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  container.modem.demuxStream(stream, stdout, stderr);
  const texts = Promise.all([buffer(stdout), buffer(stderr)]);
  if (stdin !== undefined) stream.end(stdin);
  await finished(stream, { writable: false }).finally(() => {
    stdout.end();
    stderr.end();
    stream.destroy();
  });
  const [out, err] = await texts;
  const result = { code: await exitCode(exec), stdout: String(out), stderr: String(err) };
  // So the engine reports a folder or a user that is not there; commands have `timeout` to say so.
  if (result.stdout.startsWith('OCI runtime exec failed')) throw new Error(result.stdout.trim());
  if ((result.code === 124 || result.code === 137) && performance.now() - begun >= timeoutMs) {
    throw new Error(
      `\`${argv.join(' ')}\` did not end in ${timeoutMs} ms\n${result.stdout}${result.stderr}`,
    );
  }
  return result;
}

/** A command that goes on, to be talked with. */
export interface Session {
  stdin: Writable;
  stdout: Readable;
  /** Ends its input; what runs there is expected to end with that. */
  close(): void;
}

/** Starts a command in a container and leaves it running. What it says on stderr goes to ours. */
export async function openIn(
  container: DockerContainer,
  { argv, user, env, cwd }: Pick<ContainerCommand, 'argv' | 'user' | 'env' | 'cwd'>,
): Promise<Session> {
  const exec = await container.exec({
    Cmd: argv,
    User: user,
    Env: env,
    WorkingDir: cwd,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: true });
  const stdout = new PassThrough();
  container.modem.demuxStream(stream, stdout, process.stderr);
  stream.on('end', () => stdout.end());
  stream.on('close', () => stdout.end());
  return { stdin: stream, stdout, close: () => stream.end() };
}

/** The output may end a moment before the engine has noted how the command did. */
async function exitCode(exec: Awaited<ReturnType<DockerContainer['exec']>>): Promise<number> {
  for (;;) {
    const { ExitCode, Running } = await exec.inspect();
    if (!Running && ExitCode !== null) return ExitCode;
    await sleep(10);
  }
}
