import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { greetingOf } from '#client/probe.ts';
import { socketDialer } from '#client/socket-node.ts';
import { Peer } from './memory-transport.ts';
import { Sandbox } from './sandbox.ts';

const HEPHD = fileURLToPath(new URL('../../src/bin/hephd.ts', import.meta.url));

/** How long a daemon may take to greet on a busy machine. */
const START_MS = 30_000;

export interface DaemonOptions {
  /** Its folder; without one it has a sandbox of its own, which goes with it. */
  folder?: string;
  /** Besides `--db` and `--socket`. */
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** What runs the program, in place of this Node alone. */
  runner?: readonly string[];
}

/** How a process ended, and what it said. */
export interface Ended {
  code: number | undefined;
  signal: string | undefined;
  stdout: string;
  stderr: string;
}

/** Run `hephd` with these words until it ends by itself. */
export async function runHephd(
  args: readonly string[],
  { folder, env = {}, runner = [process.execPath] }: DaemonOptions = {},
): Promise<Ended> {
  return endOf(spawn(runner, args, folder ?? '/', env));
}

/** A real `hephd` on a folder of its own, answering. */
export async function startDaemon(options: DaemonOptions = {}): Promise<Daemon> {
  const sandbox = options.folder === undefined ? await Sandbox.make() : null;
  const folder = options.folder ?? sandbox?.path ?? '';
  const daemon = new Daemon(folder, options, sandbox);
  try {
    await daemon.greets();
    return daemon;
  } catch (error) {
    await daemon[Symbol.asyncDispose]();
    throw error;
  }
}

export class Daemon implements AsyncDisposable {
  readonly folder: string;
  readonly socket: string;
  readonly db: string;
  readonly exited: Promise<Ended>;
  readonly #process: ReturnType<typeof spawn>;
  readonly #sandbox: Sandbox | null;

  constructor(
    folder: string,
    { args = [], env = {}, runner = [process.execPath] }: DaemonOptions,
    sandbox: Sandbox | null,
  ) {
    this.folder = folder;
    this.socket = `${folder}/s`;
    this.db = `${folder}/heph.db`;
    this.#sandbox = sandbox;
    this.#process = spawn(runner, ['--db', this.db, '--socket', this.socket, ...args], folder, env);
    this.exited = endOf(this.#process);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Resolves when it answers, rejects with what it said when it ended instead. */
  async greets(): Promise<void> {
    const ended = this.exited.then(({ code, stderr }) => {
      throw new Error(`hephd ended with ${code}: ${stderr}`);
    });
    const answers = async () => {
      for (const deadline = Date.now() + START_MS; Date.now() < deadline; await sleep(10)) {
        if ((await greetingOf(socketDialer(this.socket), this.socket)).kind === 'answers') return;
      }
      throw new Error('hephd does not greet');
    };
    await Promise.race([answers(), ended]);
  }

  /** Resolves when the process has ended. */
  kill(signal: NodeJS.Signals): Promise<Ended> {
    this.#process.kill(signal);
    return this.exited;
  }

  /** A connection in the test's own hands, before any greeting. */
  connect(): Promise<Peer> {
    return Peer.dial(socketDialer(this.socket));
  }

  /** A connection over which requests may be made. */
  async greeted(): Promise<Peer> {
    const peer = await this.connect();
    await peer.next();
    peer.hello();
    return peer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGKILL');
    await this.#sandbox?.[Symbol.asyncDispose]();
  }
}

/** Nothing of this machine's own settings, and no home but the folder. */
function spawn(
  [program = process.execPath, ...words]: readonly string[],
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>>,
) {
  return execa(program, [...words, HEPHD, ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, TZ: 'UTC', ...env },
    extendEnv: false,
    cwd: folder,
    reject: false,
    stdin: 'ignore',
    // One that takes its time to leave is not to be killed by the test.
    forceKillAfterDelay: false,
  });
}

async function endOf(process: ReturnType<typeof spawn>): Promise<Ended> {
  const { exitCode, signal, stdout, stderr } = await process;
  return { code: exitCode, signal, stdout, stderr };
}
