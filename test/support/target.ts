import { readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { engineReady } from '../../containers/engine-for-tests.ts';
import { execIn, openIn } from '../../containers/exec.ts';
import type { ExecResult, Session } from '../../containers/exec.ts';
import { putFile, putFolder } from '../../containers/files.ts';
import { ensureImage } from '../../containers/image.ts';
import { boot, logsOf, removed } from '../../containers/systemd-container.ts';
import type { Bind, Booted } from '../../containers/systemd-container.ts';

export { missingEngine } from '../../containers/engine-for-tests.ts';

export interface TargetUser {
  name: string;
  uid: number;
  home: string;
}

export interface ExecOptions {
  /** The test user by default. */
  user?: string;
  /** Over the user's own; `undefined` takes a variable away. */
  env?: Record<string, string | undefined>;
  stdin?: string | Uint8Array;
  timeoutMs?: number;
  /** The user's home by default. */
  cwd?: string;
}

export interface FileOptions {
  /** By default, whoever owns the nearest folder that is there; missing folders become theirs. */
  owner?: string;
  mode?: number;
}

/** Shell, for the user `$1`. */
const LINGER = 'loginctl enable-linger "$1"';
const MANAGER_READY = 'until [ -S "/run/user/$(id -u "$1")/systemd/private" ]; do sleep 0.05; done';

/**
 * A machine to test on: a container that runs systemd as PID 1, without a network, with a user who
 * lingers. `await using target = await Target.start()` removes it in the end.
 */
export class Target implements AsyncDisposable {
  readonly user: TargetUser = { name: 'ada', uid: 1000, home: '/home/ada' };
  readonly #booted: Booted;
  readonly #users = new Map<string, TargetUser>();

  private constructor(booted: Booted) {
    this.#booted = booted;
    this.#users.set('root', { name: 'root', uid: 0, home: '/root' });
    this.#users.set(this.user.name, this.user);
  }

  static async start(
    name = 'trixie',
    { binds = [], linger = true }: { binds?: Bind[]; linger?: boolean } = {},
  ): Promise<Target> {
    await engineReady();
    const target = new Target(await boot(await ensureImage(name), binds));
    try {
      if (linger) await target.#enableLinger(target.user);
      return target;
    } catch (error) {
      await target[Symbol.asyncDispose]();
      throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return removed(this.#booted.container);
  }

  /** Runs a command to its end. Throws only where it cannot be run, or outlives `timeoutMs`. */
  async exec(argv: string[], options: ExecOptions = {}): Promise<ExecResult> {
    return execIn(this.#booted.container, {
      ...this.#whole(argv, options),
      stdin: options.stdin,
      timeoutMs: options.timeoutMs ?? 60_000,
    });
  }

  #whole(argv: string[], options: ExecOptions) {
    const name = options.user ?? this.user.name;
    const user = this.#users.get(name);
    if (!user) throw new Error(`the target knows no user ${name}; addUser makes one`);
    const env = { ...environmentOf(user), ...options.env };
    const absent = Object.keys(env).filter((key) => env[key] === undefined);
    return {
      // The engine gives HOME and PATH to a command without them, so they are taken away inside.
      argv: absent.length === 0 ? argv : ['env', ...absent.flatMap((key) => ['-u', key]), ...argv],
      user: name,
      env: Object.entries(env).flatMap(([key, value]) =>
        value === undefined ? [] : `${key}=${value}`,
      ),
      cwd: options.cwd ?? user.home,
    };
  }

  /** Starts a command and leaves it running, to be talked with. */
  open(argv: string[], options: Pick<ExecOptions, 'user' | 'env'> = {}): Promise<Session> {
    return openIn(this.#booted.container, this.#whole(argv, options));
  }

  /** The home may be any path that useradd takes: spaces, quotes and umlauts are fine. */
  async addUser(
    name: string,
    { home = `/home/${name}`, linger = true }: { home?: string; linger?: boolean } = {},
  ): Promise<TargetUser> {
    // In one go: a command in a container costs a tenth of a second of processor time.
    const script = `set -e; useradd -m -d "$2" -s /bin/bash "$1"; id -u "$1"; [ "$3" = true ] || exit 0
      ${LINGER}; ${MANAGER_READY}`;
    const argv = ['sh', '-c', script, 'sh', name, home, String(linger)];
    const user = { name, uid: Number(await this.#asRoot(argv)), home };
    this.#users.set(name, user);
    return user;
  }

  /** The file appears whole, and may replace a program that is being run. */
  async writeFile(
    path: string,
    content: string | Uint8Array,
    { owner, mode = 0o644 }: FileOptions = {},
  ): Promise<void> {
    await this.#asRoot(putFile(path, owner, mode), content);
  }

  /** Copies a file, or what is in a folder, with their modes; `mode` is for a file alone. */
  async copyIn(hostPath: string, path: string, { owner, mode }: FileOptions = {}): Promise<void> {
    const entry = await stat(hostPath);
    if (entry.isDirectory()) {
      const { argv, archive } = await putFolder(hostPath, path, owner);
      await this.#asRoot(argv, archive);
    } else {
      await this.#asRoot(putFile(path, owner, mode ?? entry.mode), await readFile(hostPath));
    }
  }

  readFile(path: string): Promise<string> {
    return this.#asRoot(['cat', '--', path]);
  }

  /** Asks every 100 ms until the answer is neither false nor undefined, and gives that answer. */
  async waitFor<T>(
    description: string,
    probe: () => Promise<T | false | undefined>,
    { timeoutMs = 30_000 }: { timeoutMs?: number } = {},
  ): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      let failure: unknown;
      const answer = await probe().catch((error: unknown) => void (failure = error));
      if (answer !== undefined && answer !== false) return answer;
      if (Date.now() > deadline) {
        throw new Error(`waited ${timeoutMs} ms in vain for ${description}`, { cause: failure });
      }
      await sleep(100);
    }
  }

  /**
   * Shuts down and boots again, and waits for the users who linger. Files stay, except for those on
   * the tmpfs of /run and /tmp. It is the same kernel: the boot id does not change.
   */
  async reboot(): Promise<void> {
    await this.#booted.started.restart({ timeout: 30_000 });
    const lingering = (await this.#asRoot(['ls', '/var/lib/systemd/linger'])).split('\n');
    for (const user of this.#users.values()) {
      if (lingering.includes(user.name)) await this.#managerReady(user);
    }
  }

  /** What the console and the journal say, for the report of a failure. */
  logs(): Promise<string> {
    return logsOf(this.#booted.container);
  }

  async #enableLinger(user: TargetUser): Promise<void> {
    await this.#asRoot(['sh', '-c', `${LINGER}; ${MANAGER_READY}`, 'sh', user.name]);
  }

  async #managerReady({ name }: TargetUser): Promise<void> {
    await this.#asRoot(['sh', '-c', MANAGER_READY, 'sh', name]);
  }

  async #asRoot(argv: string[], stdin?: string | Uint8Array): Promise<string> {
    const { code, stdout, stderr } = await this.exec(argv, {
      user: 'root',
      cwd: '/',
      ...(stdin === undefined ? {} : { stdin }),
    });
    const shown = argv.filter((word) => !word.includes('\n')).join(' ');
    if (code !== 0) throw new Error(`\`${shown}\` ended with ${code}: ${stderr}${stdout}`);
    return stdout;
  }
}

/** As a login would set it; the engine alone would give root's PATH to everybody. */
function environmentOf({ name, uid, home }: TargetUser): Record<string, string | undefined> {
  const path = '/usr/local/bin:/usr/bin:/bin';
  const sbin = '/usr/local/sbin:/usr/sbin:/sbin';
  return {
    HOME: home,
    USER: name,
    LOGNAME: name,
    SHELL: '/bin/bash',
    XDG_RUNTIME_DIR: `/run/user/${uid}`,
    // This is for systemd alone, and no login passes it on.
    container: undefined,
    PATH: uid === 0 ? `${sbin}:${path}` : `${home}/.local/bin:${path}`,
  };
}
