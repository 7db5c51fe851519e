import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessGroups } from './fake-process.ts';
import { FakeProgram, refusal, type Answer } from './fake-program.ts';
import { readAgent, type Agent, type AgentProblem } from './fake-launchd-agent.ts';
import { Job, type JobHost } from './fake-launchd-job.ts';
import { launchdKnobs, type LaunchdKnobs } from './fake-launchd-knobs.ts';
import { DEFAULT_PATH } from './fake-launchd-print.ts';
import { badTarget, parseTarget, problem, type DomainKind } from './fake-launchd-target.ts';
import { LEGACY_VERBS, VERBS, type Domains } from './fake-launchd-verbs.ts';

export interface FakeLaunchdOptions {
  home: string;
  uid?: number;
  user?: string;
  /** What `launchctl setenv` would have added. */
  env?: Record<string, string>;
  /** What a second in a plist is worth: 0.02 makes `ThrottleInterval` 10 last 200 ms. */
  timeScale?: number;
  knobs?: Partial<LaunchdKnobs>;
}

/**
 * A user's launchd, in memory, with its two domains. Property lists are read
 * from anywhere, those of a login from the home directory that it is over, and
 * jobs are real processes. Disposing it ends every process it started.
 */
export class FakeLaunchd
  extends FakeProgram<LaunchdKnobs>
  implements Domains, JobHost, AsyncDisposable
{
  readonly uid: number;
  readonly processes = new ProcessGroups();
  protected readonly programs = ['launchctl'];
  readonly #home: string;
  readonly #user: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #jobs = { gui: new Map<string, Job>(), user: new Map<string, Job>() };
  #hasSession = true;

  /** A user who has just logged in, with nothing loaded whatever the folder holds. */
  constructor(options: FakeLaunchdOptions) {
    super(launchdKnobs(options.knobs), options.timeScale ?? 1);
    this.uid = options.uid ?? process.getuid?.() ?? 501;
    this.#home = options.home;
    this.#user = options.user ?? 'tester';
    this.#env = options.env ?? {};
  }

  /** A session at the screen: every agent in the home directory is loaded, disabled ones are not. */
  login(): void {
    this.#hasSession = true;
    const folder = join(this.#home, 'Library/LaunchAgents');
    const names = existsSync(folder) ? readdirSync(folder).toSorted() : [];
    for (const name of names) this.preload('gui', join(folder, name));
  }

  /** The end of it, and of every job in it; those of the other domain stay. */
  async logout(): Promise<void> {
    this.#hasSession = false;
    const jobs = [...this.#jobs.gui.values()];
    await Promise.all(jobs.map((job) => this.remove('gui', job)));
  }

  /** Load a file as if another program had, in either domain. Nothing happens where it cannot be. */
  preload(kind: DomainKind, path: string): AgentProblem | 119 | null {
    const agent = readAgent(path, this.uid);
    if (typeof agent === 'number') return agent;
    if (this.isDisabled(agent)) return 119;
    if (!this.job(kind, agent.label)) this.add(kind, agent);
    return null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const kind of ['gui', 'user'] as const) {
      for (const job of this.#jobs[kind].values()) job.abandon();
    }
    await this.processes[Symbol.asyncDispose]();
  }

  hasScreen(): boolean {
    return this.#hasSession && this.knobs.noGuiDomain === null;
  }

  domainProblem(kind: DomainKind, uid: number): number | null {
    if (uid !== this.uid) return 125;
    if (kind === 'user' || this.hasScreen()) return null;
    return this.knobs.noGuiDomain ?? 125;
  }

  job(kind: DomainKind, label: string): Job | undefined {
    return this.#jobs[kind].get(label);
  }

  jobs(kind: DomainKind): Job[] {
    return [...this.#jobs[kind].values()].filter((job) => !job.isLeaving);
  }

  isDisabled({ label, isDisabled }: Agent): boolean {
    return this.knobs.disabled[label] ?? isDisabled;
  }

  add(kind: DomainKind, agent: Agent): void {
    const job = new Job(agent, this);
    this.#jobs[kind].set(agent.label, job);
    if (agent.runsAtLoad && !this.knobs.lazySpawn) job.start();
  }

  async remove(kind: DomainKind, job: Job): Promise<void> {
    await job.leave(this.knobs.teardownMs);
    this.#jobs[kind].delete(job.agent.label);
  }

  throttleMs({ throttleInterval }: Agent): number {
    return this.knobs.throttleMs ?? throttleInterval * 1000 * this.timeScale;
  }

  environment(label: string): Record<string, string> {
    return {
      HOME: this.#home,
      USER: this.#user,
      LOGNAME: this.#user,
      SHELL: '/bin/zsh',
      TMPDIR: '/tmp/',
      PATH: DEFAULT_PATH,
      XPC_FLAGS: '0x0',
      XPC_SERVICE_NAME: label,
      ...this.#env,
    };
  }

  protected verbOf(args: readonly string[]): string {
    return args[0] ?? '';
  }

  protected async answer(_program: string, argv: readonly string[]): Promise<Answer> {
    const [verb = 'help', ...rest] = argv;
    const flags = rest.filter((arg) => arg.startsWith('-'));
    const words = rest.filter((arg) => !arg.startsWith('-'));
    const legacy = LEGACY_VERBS[verb];
    if (legacy) return legacy({ domains: this, verb, flags, words });
    const known = VERBS[verb];
    if (!known) return refusal(64, `Unrecognized subcommand: ${verb}`);
    const target = parseTarget(words[known.targetAt]);
    if (!target) return badTarget();
    const code = this.domainProblem(target.kind, target.uid);
    if (code !== null) return problem(verb, code, target);
    return known.run({ domains: this, verb, flags, words, target });
  }
}
