import { spawn, type ChildProcess } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a manager starts. */
export interface Launch {
  /** Absolute. */
  program: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
  umask: number;
  /** Files that are appended to; null for nowhere. */
  stdout: string | null;
  stderr: string | null;
  /** A variable that tells the process its own pid. */
  pidVariable?: string;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** What kept a process from becoming the program. */
export type LaunchProblem = 'output' | 'folder' | 'program';

const SHELL = '/bin/sh';
/** How often a process group is asked whether anybody is left. */
const POLL_MS = 5;

/** The processes of one fake: each the leader of a group, and all of them gone when it is disposed. */
export class ProcessGroups implements AsyncDisposable {
  readonly #groups = new Set<ProcessGroup>();
  #isDisposed = false;

  /**
   * Start a program in a group of its own.
   * @param codeOf the exit code that stands for a problem. It is a process's
   *   all the same, with a pid, as where a manager forks before it fails.
   */
  start(launch: Launch, codeOf: Readonly<Record<LaunchProblem, number>>): ProcessGroup {
    if (this.#isDisposed) throw new Error(`${launch.program} was started after the end`);
    const outputs: number[] = [];
    const problem = launchProblem(launch, outputs);
    const child = problem === null ? spawnProgram(launch, outputs) : spawnFailure(codeOf[problem]);
    for (const fd of outputs) closeSync(fd);
    const group = new ProcessGroup(child, problem);
    this.#groups.add(group);
    void group.exited.then(() => {
      if (group.isEmpty()) this.#groups.delete(group);
    });
    return group;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    const groups = [...this.#groups];
    for (const group of groups) group.signalAll('SIGKILL');
    await Promise.all(groups.map((group) => group.exited));
    // What came after the signal (a fork under way) goes in a second round.
    for (const group of groups) group.signalAll('SIGKILL');
    this.#groups.clear();
  }
}

export class ProcessGroup {
  readonly pid: number;
  readonly problem: LaunchProblem | null;
  readonly exited: Promise<Exit>;
  #hasExited = false;

  constructor(child: ChildProcess, problem: LaunchProblem | null) {
    this.pid = child.pid ?? 0;
    this.problem = problem;
    const { promise, resolve } = Promise.withResolvers<Exit>();
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: 127, signal: null }));
    this.exited = promise.finally(() => (this.#hasExited = true));
  }

  /** To the leader alone; nothing once it has gone, whose pid may be another's by then. */
  signal(name: NodeJS.Signals): void {
    if (!this.#hasExited) send(this.pid, name);
  }

  signalAll(name: NodeJS.Signals): void {
    send(-this.pid, name);
  }

  isEmpty(): boolean {
    return !send(-this.pid, 0) || hasOnlyZombies(this.pid);
  }

  /** Waits for the group to be empty. @returns false when time ran out first. */
  async emptied(limitMs: number): Promise<boolean> {
    const deadline = performance.now() + limitMs;
    while (!this.isEmpty()) {
      if (performance.now() >= deadline) return false;
      await sleep(POLL_MS);
    }
    return true;
  }
}

function send(target: number, signal: NodeJS.Signals | 0): boolean {
  if (target === 0) return false;
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
}

/**
 * Where the first process is slow to bury the dead, they still answer to a
 * signal. Elsewhere than on Linux it is not slow.
 */
function hasOnlyZombies(group: number): boolean {
  if (process.platform !== 'linux') return false;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return !pids.some((pid) => {
    const [state, , itsGroup] = statFields(pid);
    return itsGroup === String(group) && state !== 'Z';
  });
}

/** State, parent, group and more of a process; nothing once it has gone. */
function statFields(pid: string): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before may have anything in it, also spaces and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** @param outputs receives the open files; the caller closes them. */
function launchProblem(launch: Launch, outputs: number[]): LaunchProblem | null {
  try {
    for (const path of new Set([launch.stdout, launch.stderr])) {
      // The mode that the program's own umask would give.
      if (path !== null) outputs.push(openSync(path, 'a', 0o666 & ~launch.umask));
    }
  } catch {
    return 'output';
  }
  if (!isFolder(launch.cwd)) return 'folder';
  return isRunnable(launch.program) ? null : 'program';
}

/**
 * A shell sets the umask, which is the whole process's here, and becomes the
 * program. The variables it would add are taken away again.
 */
function spawnProgram(launch: Launch, outputs: readonly number[]): ChildProcess {
  const script = [`umask ${launch.umask.toString(8)}`, 'unset PWD OLDPWD SHLVL _', 'exec "$@"'];
  const variable = launch.pidVariable;
  if (variable !== undefined) script.unshift(`${variable}=$$`, `export ${variable}`);
  const [first, last] = [outputs[0], outputs.at(-1)];
  return spawn(SHELL, ['-c', script.join('; '), 'sh', launch.program, ...launch.args], {
    cwd: launch.cwd,
    env: launch.env,
    detached: true,
    stdio: [
      'ignore',
      launch.stdout === null ? 'ignore' : (first ?? 'ignore'),
      launch.stderr === null ? 'ignore' : (last ?? 'ignore'),
    ],
  });
}

function spawnFailure(code: number): ChildProcess {
  return spawn(SHELL, ['-c', `exit ${code}`], { cwd: '/', detached: true, stdio: 'ignore' });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    if (!statSync(path).isFile()) return false;
    const interpreter = /^#! *(\S+)/.exec(firstLine(path))?.[1];
    return interpreter === undefined || isRunnable(interpreter);
  } catch {
    return false;
  }
}

function firstLine(path: string): string {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(256);
    return bytes.toString('latin1', 0, readSync(fd, bytes)).split('\n', 1)[0] ?? '';
  } finally {
    closeSync(fd);
  }
}
