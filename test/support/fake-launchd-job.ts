import type { Exit, Launch, ProcessGroup, ProcessGroups } from './fake-process.ts';
import type { Agent } from './fake-launchd-agent.ts';

/** What jobs need of launchd. */
export interface JobHost {
  processes: ProcessGroups;
  timeScale: number;
  /** How long after one start the next may be. */
  throttleMs(agent: Agent): number;
  environment(label: string): Record<string, string>;
}

export type JobState = 'running' | 'not running' | 'spawn scheduled';

/** How a process ends that never became the program. */
const EX_CONFIG = 78;

/** A job as it was loaded: whatever happens to its file, this is what runs. */
export class Job {
  readonly agent: Agent;
  runs = 0;
  lastExit: Exit | null = null;
  /** It has been booted out, and is on its way. */
  isLeaving = false;
  readonly #host: JobHost;
  #group: ProcessGroup | null = null;
  #startedAtMs = -Infinity;
  #respawn: NodeJS.Timeout | undefined;
  #nextStart: PromiseWithResolvers<void> | null = null;

  constructor(agent: Agent, host: JobHost) {
    this.agent = agent;
    this.#host = host;
  }

  get pid(): number | null {
    return this.#group?.pid ?? null;
  }

  get state(): JobState {
    if (this.#group) return 'running';
    return this.#respawn === undefined ? 'not running' : 'spawn scheduled';
  }

  /** Start it now, throttle or not. Does nothing while it runs. */
  start(): void {
    this.#cancelRespawn();
    if (this.#group) return;
    this.runs += 1;
    this.#startedAtMs = performance.now();
    const codes = { output: EX_CONFIG, folder: EX_CONFIG, program: EX_CONFIG };
    const group = this.#host.processes.start(this.#launch(), codes);
    this.#group = group;
    void group.exited.then((exit) => this.#ended(group, exit));
    this.#nextStart?.resolve();
    this.#nextStart = null;
  }

  /** End the process, if there is one, and start another from the same text. */
  async restart(): Promise<void> {
    if (!this.#group) {
      this.start();
      return;
    }
    this.#nextStart ??= Promise.withResolvers();
    const { promise } = this.#nextStart;
    this.#terminate(this.#group);
    await promise;
  }

  signal(name: NodeJS.Signals): boolean {
    this.#group?.signal(name);
    return this.#group !== null;
  }

  /** Takes it down. @param atLeastMs it is on its way for as long, however fast the process is. */
  async leave(atLeastMs: number): Promise<void> {
    this.isLeaving = true;
    this.#cancelRespawn();
    const group = this.#group;
    if (group) this.#terminate(group);
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, atLeastMs);
    await Promise.all([group?.exited, promise]);
  }

  /** Nothing more happens by itself. */
  abandon(): void {
    this.isLeaving = true;
    this.#cancelRespawn();
  }

  #launch(): Launch {
    const { agent } = this;
    return {
      program: agent.program,
      args: agent.arguments.slice(1),
      env: { ...this.#host.environment(agent.label), ...agent.environment },
      cwd: agent.workingDirectory ?? '/',
      umask: agent.umask,
      stdout: agent.stdout,
      stderr: agent.stderr,
    };
  }

  #terminate(group: ProcessGroup): void {
    group.signal('SIGTERM');
    const limitMs = this.agent.exitTimeOut * 1000 * this.#host.timeScale;
    const timer = setTimeout(() => group.signalAll('SIGKILL'), limitMs);
    void group.exited.then(() => clearTimeout(timer));
  }

  #ended(group: ProcessGroup, exit: Exit): void {
    if (!this.agent.abandonsProcessGroup) group.signalAll('SIGKILL');
    this.#group = null;
    this.lastExit = exit;
    if (this.isLeaving) {
      this.#nextStart?.resolve();
    } else if (this.#nextStart) {
      this.start();
    } else if (this.#comesBack(exit)) {
      const sinceMs = performance.now() - this.#startedAtMs;
      const waitMs = Math.max(0, this.#host.throttleMs(this.agent) - sinceMs);
      this.#respawn = setTimeout(() => this.start(), waitMs);
    }
  }

  #comesBack({ code }: Exit): boolean {
    const { keepAlive } = this.agent;
    if (keepAlive.kind !== 'after') return keepAlive.kind === 'always';
    return (code === 0) === keepAlive.successfulExit;
  }

  #cancelRespawn(): void {
    clearTimeout(this.#respawn);
    this.#respawn = undefined;
  }
}
