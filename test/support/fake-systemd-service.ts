import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { argumentsOf } from './fake-systemd-command.ts';
import { ServiceJobs, type JobKind, type JobResult, type SubState } from './fake-systemd-jobs.ts';
import type { Settings } from './fake-systemd-settings.ts';
import type { LoadedUnit } from './fake-systemd-unit.ts';
import { comesBack, judge, StartLimit, type Result } from './fake-systemd-verdict.ts';
import type { Exit, LaunchProblem, ProcessGroup, ProcessGroups } from './fake-process.ts';

/** What services need of their manager. */
export interface ServiceHost {
  processes: ProcessGroups;
  /** What a second is worth. */
  timeScale: number;
  /** What one of the start limit's is; null for no limit at all. */
  startLimitScale(): number | null;
  /** What every service's process finds in its environment. */
  environment(): Record<string, string>;
  /** Where programs without a folder are looked for. */
  findProgram(name: string): string;
}

/** What is known of the main process, the last one when none runs. */
export interface MainProcess {
  pid: number;
  program: string;
  startedAtMs: number;
  /** Null while it runs. */
  endedAtMs: number | null;
  exit: Exit | null;
}

const SPAWN_CODES: Readonly<Record<LaunchProblem, number>> = {
  output: 209,
  folder: 200,
  program: 203,
};
const ALIVE: ReadonlySet<SubState> = new Set(['running', 'start']);

/** One service as the manager has it in memory. */
export class Service {
  readonly name: string;
  unit: LoadedUnit;
  state: SubState = 'dead';
  result: Result = 'success';
  restarts = 0;
  invocationId = '';
  main: MainProcess | null = null;
  /** The main process as told beside the command; forgotten at a reload. */
  lastRun: MainProcess | null = null;
  changedAtMs: number | null = null;
  activeSinceMs: number | null = null;
  readonly #host: ServiceHost;
  readonly #jobs: ServiceJobs;
  readonly #startLimit = new StartLimit();
  #group: ProcessGroup | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isStopWanted = false;
  #flushesRestarts = false;

  constructor(unit: LoadedUnit, host: ServiceHost) {
    this.name = unit.name;
    this.unit = unit;
    this.#host = host;
    this.#jobs = new ServiceJobs({
      state: () => this.state,
      start: () => this.#start(),
      stop: () => this.#stop(),
    });
  }

  get isIdle(): boolean {
    return this.state === 'dead' && !this.#jobs.isBusy;
  }

  get mainPid(): number {
    return this.main?.exit === null ? this.main.pid : 0;
  }

  /** Asks for a state; resolves when it is reached, or cannot be. */
  request(kind: JobKind): Promise<JobResult> {
    return this.#jobs.request(kind);
  }

  /** A newly read text: it rules from now on, also over a process that runs. */
  reload(unit: LoadedUnit): void {
    this.unit = unit;
    this.lastRun = null;
    this.#startLimit.reset();
  }

  resetFailed(): void {
    this.result = 'success';
    this.restarts = 0;
    this.#startLimit.reset();
    if (this.state === 'failed') this.#enter('dead');
  }

  signal(name: NodeJS.Signals, whom: 'all' | 'main'): void {
    if (this.state === 'dead' || this.state === 'failed') return;
    if (whom === 'main') this.#group?.signal(name);
    else this.#group?.signalAll(name);
  }

  /** The manager is gone: nothing more happens by itself. */
  abandon(): void {
    clearTimeout(this.#timer);
    this.#isStopWanted = true;
    this.#jobs.abandon();
  }

  #enter(state: SubState): void {
    clearTimeout(this.#timer);
    this.state = state;
    this.changedAtMs = Date.now();
    if (state === 'running') this.activeSinceMs = this.changedAtMs;
    this.#jobs.stateChanged();
  }

  #after(us: number, scale: number, then: () => void): void {
    clearTimeout(this.#timer);
    if (us !== Infinity) this.#timer = setTimeout(then, (us / 1000) * scale);
  }

  #start(): void {
    if (!this.#startLimit.allows(this.unit.settings, this.#host.startLimitScale())) {
      this.#enterDead('start-limit-hit', 'stay down');
      return;
    }
    if (this.#flushesRestarts) this.restarts = 0;
    this.#flushesRestarts = false;
    this.#isStopWanted = false;
    this.result = 'success';
    this.invocationId = randomBytes(16).toString('hex');
    this.#spawn();
  }

  #spawn(): void {
    const { settings } = this.unit;
    const group = this.#launch(settings);
    const main: MainProcess = {
      pid: group.pid,
      program: settings.command?.path ?? '',
      startedAtMs: Date.now(),
      endedAtMs: null,
      exit: null,
    };
    this.#group = group;
    this.main = main;
    this.lastRun = main;
    void group.exited.then((exit) => this.#mainExited(main, group, exit));
    if (settings.type === 'simple' || (settings.type === 'exec' && group.problem === null)) {
      this.#enter('running');
      return;
    }
    // One that is to report for itself never does here: nothing would hear it.
    this.#enter('start');
    this.#after(settings.timeoutStartUs, this.#host.timeScale, () => {
      this.#terminate('timeout');
    });
  }

  #launch(settings: Settings): ProcessGroup {
    const env = this.#host.environment();
    env['INVOCATION_ID'] = this.invocationId;
    Object.assign(env, Object.fromEntries(settings.environment));
    for (const name of settings.unset) delete env[name];
    const { command, workingDirectory: folder, stdout, stderr } = settings;
    const out = 'append' in stdout ? stdout.append : null;
    const launch = {
      program: this.#host.findProgram(command?.path ?? ''),
      args: command === null ? [] : argumentsOf(command, env),
      env,
      cwd: folder.isOptional && !existsSync(folder.path) ? '/' : folder.path,
      umask: settings.umask,
      stdout: out,
      stderr: stderr === 'inherit' ? out : 'append' in stderr ? stderr.append : null,
      pidVariable: 'SYSTEMD_EXEC_PID',
    };
    return this.#host.processes.start(launch, SPAWN_CODES);
  }

  #stop(): void {
    this.#isStopWanted = true;
    if (this.state === 'auto-restart') this.#enter('dead');
    else if (ALIVE.has(this.state)) this.#terminate('success');
  }

  #terminate(result: Result): void {
    this.#noteResult(result);
    this.#enter('stop-sigterm');
    this.#ask('SIGTERM');
    // One that was suspended could not heed it.
    this.#ask('SIGCONT');
    this.#after(this.unit.settings.timeoutStopUs, this.#host.timeScale, () => {
      this.#noteResult('timeout');
      this.#enter('stop-sigkill');
      this.#kill();
    });
  }

  #ask(signal: NodeJS.Signals): void {
    const { killMode } = this.unit.settings;
    if (killMode === 'control-group') this.#group?.signalAll(signal);
    else if (killMode !== 'none') this.#group?.signal(signal);
  }

  #kill(): void {
    const { killMode } = this.unit.settings;
    if (killMode === 'control-group' || killMode === 'mixed') this.#group?.signalAll('SIGKILL');
    else this.#group?.signal('SIGKILL');
  }

  async #mainExited(main: MainProcess, group: ProcessGroup, exit: Exit): Promise<void> {
    Object.assign(main, { exit, endedAtMs: Date.now() });
    if (this.main !== main) return;
    this.#noteResult(judge(exit, this.unit.settings));
    await this.#clearGroup(group);
    if (this.main === main) this.#enterDead('success', 'may restart');
  }

  /** Whatever the main process leaves behind goes too, unless the unit says otherwise. */
  async #clearGroup(group: ProcessGroup): Promise<void> {
    const { killMode, timeoutStopUs } = this.unit.settings;
    if (killMode === 'process' || killMode === 'none' || group.isEmpty()) return;
    if (killMode === 'control-group' && this.state !== 'stop-sigkill') {
      this.#enter('final-sigterm');
      group.signalAll('SIGTERM');
      const limitMs = (timeoutStopUs / 1000) * this.#host.timeScale;
      if (await group.emptied(limitMs)) return;
      this.#noteResult('timeout');
    }
    group.signalAll('SIGKILL');
  }

  /** The first thing that went wrong is what counts. */
  #noteResult(result: Result): void {
    if (this.result === 'success') this.result = result;
  }

  #enterDead(result: Result, then: 'may restart' | 'stay down'): void {
    this.#noteResult(result);
    const end = this.result === 'success' ? 'dead' : 'failed';
    const mayRestart = then === 'may restart' && !this.#isStopWanted;
    if (!mayRestart || !comesBack(this.unit.settings, this.result, this.main?.exit ?? null)) {
      // The count stays to be seen until the next start.
      this.#flushesRestarts = true;
      this.#enter(end);
      return;
    }
    this.#jobs.passedThrough(end);
    this.#enter('auto-restart');
    this.#after(this.unit.settings.restartUs, this.#host.timeScale, () => this.#restart());
  }

  #restart(): void {
    if (this.unit.loadState !== 'loaded') {
      this.#enterDead('resources', 'stay down');
      return;
    }
    this.restarts += 1;
    this.#flushesRestarts = false;
    void this.#jobs.request('restart');
  }
}
