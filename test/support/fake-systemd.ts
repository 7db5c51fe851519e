import { join } from 'node:path';
import { ParsedArgs, type OptionTable } from './fake-argv.ts';
import { FakeProgram, refusal, success, type Answer, type CallEnv } from './fake-program.ts';
import { FILE_VERBS } from './fake-systemd-install-verbs.ts';
import { notBooted, systemdKnobs, unreachable, type SystemdKnobs } from './fake-systemd-knobs.ts';
import { loginctl } from './fake-systemd-loginctl.ts';
import { UserManager } from './fake-systemd-manager.ts';
import type { Glyphs } from './fake-systemd-print.ts';
import { systemManager } from './fake-systemd-system.ts';
import type { Place } from './fake-systemd-unit.ts';
import { MANAGER_VERBS } from './fake-systemd-verbs.ts';

export interface FakeSystemdOptions {
  home: string;
  uid?: number;
  user?: string;
  /** More of the user manager's own environment, which services inherit. */
  env?: Record<string, string>;
  /** Decides exit codes and wordings; 252 is as measured, later ones are as read in the source. */
  version?: number;
  /** What a second in a unit is worth: 0.02 makes `RestartSec=1` last 20 ms. */
  timeScale?: number;
  /**
   * The same for `StartLimitIntervalSec=` alone. A daemon needs as long as ever
   * to start, so a short interval is hardly ever used up by hand.
   */
  startLimitScale?: number;
  knobs?: Partial<SystemdKnobs>;
}

const OPTIONS: OptionTable = {
  flags: {
    '--user': 'user',
    '--system': 'system',
    '--no-pager': 'no-pager',
    '--no-ask-password': 'no-ask-password',
    '--no-legend': 'no-legend',
    '--quiet': 'quiet',
    '-q': 'quiet',
    '--no-block': 'no-block',
    '--now': 'now',
    '--value': 'value',
    '--all': 'all',
    '-a': 'all',
    '--full': 'full',
    '-l': 'full',
    '--version': 'version',
  },
  values: {
    '--property': 'property',
    '-p': 'property',
    '--lines': 'lines',
    '-n': 'lines',
    '--signal': 'signal',
    '-s': 'signal',
    '--kill-who': 'kill-whom',
    '--kill-whom': 'kill-whom',
    '--output': 'output',
    '-o': 'output',
  },
};

/**
 * A user's service manager and `loginctl`, in memory, over a home directory
 * that is real: units are read from it, links are made in it, and services are
 * real processes. Anything may be killed from outside; it is then respawned as
 * its unit says. Disposing it ends every process it started.
 */
export class FakeSystemd extends FakeProgram<SystemdKnobs> implements AsyncDisposable {
  readonly version: number;
  protected readonly programs = ['systemctl', 'loginctl'];
  readonly #place: Place;
  readonly #newManager: () => UserManager;
  #manager: UserManager;
  #hasSession = true;
  #isUp = true;

  /** A user who has just logged in. Whatever is enabled already does not run before the next `login`. */
  constructor(options: FakeSystemdOptions) {
    super(systemdKnobs(options.knobs), options.timeScale ?? 1);
    const uid = options.uid ?? process.getuid?.() ?? 1000;
    const { timeScale } = this;
    const startLimitScale = options.startLimitScale ?? timeScale;
    this.version = options.version ?? 257;
    this.#place = {
      home: options.home,
      user: options.user ?? 'tester',
      uid,
      runtimeDir: `/run/user/${uid}`,
      folder: join(options.home, '.config/systemd/user'),
    };
    this.#newManager = () =>
      new UserManager(this.#place, {
        version: this.version,
        env: options.env ?? {},
        timeScale,
        startLimitScale: () => (this.knobs.startLimit ? startLimitScale : null),
      });
    this.#manager = this.#newManager();
  }

  /** The user's first session: the manager starts, if it is not up, and with it what is enabled. */
  async login(): Promise<void> {
    this.#hasSession = true;
    if (this.#isUp) return;
    this.#isUp = true;
    this.#manager = this.#newManager();
    await this.#manager.startWanted();
  }

  /** The end of the last session, and of the manager unless the user lingers. */
  async logout(): Promise<void> {
    this.#hasSession = false;
    if (this.knobs.linger === 'yes' || !this.#isUp) return;
    await this.#manager.stopAll();
    await this.#manager[Symbol.asyncDispose]();
    this.#isUp = false;
  }

  /** The user manager goes and comes back, as at a reboot or `loginctl terminate-user`. */
  async restartManager(): Promise<void> {
    const { linger } = this.knobs;
    this.knobs.linger = 'no';
    await this.logout();
    this.knobs.linger = linger;
    await this.login();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#manager[Symbol.asyncDispose]();
  }

  protected verbOf(args: readonly string[]): string {
    return new ParsedArgs(args, OPTIONS).words[0] ?? '';
  }

  protected override hangs(program: string): boolean {
    return program === 'loginctl' && this.knobs.linger === 'hang';
  }

  protected async answer(program: string, argv: readonly string[], env: CallEnv): Promise<Answer> {
    if (program === 'loginctl') {
      return loginctl(argv, this.knobs, { ...this.#place, hasSession: this.#hasSession });
    }
    const args = new ParsedArgs(argv, OPTIONS);
    if (args.unknown !== null) {
      return refusal(1, `systemctl: unrecognized option '${args.unknown}'`);
    }
    if (args.has('version')) return success(`systemd ${this.version} (${this.version}.1)\n`);
    const [verb = 'list-units', ...words] = args.words;
    if (!(verb in FILE_VERBS) && !(verb in MANAGER_VERBS)) {
      return refusal(1, `Unknown command verb ${this.version < 256 ? verb : `'${verb}'`}.`);
    }
    const units = words.map((word) => (/\.[a-z]+$/.test(word) ? word : `${word}.service`));
    if (args.has('user')) return this.#user(verb, args, units, env);
    if (this.knobs.notBooted) return notBooted();
    return systemManager(verb, args, units, this.knobs.systemUnitDuplicate);
  }

  async #user(
    verb: string,
    args: ParsedArgs,
    units: readonly string[],
    env: CallEnv,
  ): Promise<Answer> {
    const { runtimeDir } = this.#place;
    const machine = { version: this.version, runtimeDir, isUp: this.#isUp };
    const offline = unreachable(this.knobs, env, machine);
    const glyphs = glyphsFor(env);
    const request = { manager: this.#manager, args, units, glyphs, offline };
    const onFiles = FILE_VERBS[verb];
    if (onFiles && (offline === null || this.knobs.notBooted)) return onFiles(request);
    if (offline === null) return (await MANAGER_VERBS[verb]?.(request)) ?? success();
    const saysOffline = verb === 'is-system-running' && this.knobs.notBooted;
    return saysOffline ? { code: 1, stdout: 'offline\n', stderr: '' } : offline;
  }
}

function glyphsFor(env: CallEnv): Glyphs {
  const isPlain = /^(C|POSIX)$/.test(env['LC_ALL'] ?? env['LANG'] ?? '');
  const [arrow, corner] = isPlain ? ['->', '`-'] : ['→', '└─'];
  return {
    arrow,
    corner,
    dot: (isFailed) => (isPlain ? (isFailed ? 'x' : '*') : isFailed ? '×' : '●'),
  };
}
