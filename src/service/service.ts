import type { Paths } from '#config/paths.ts';

export type ManagerName = 'systemd' | 'launchd';

/** The one name that a user's service has with each manager. */
export const SERVICE_NAMES: Readonly<Record<ManagerName, string>> = {
  systemd: 'heph.service',
  launchd: 'org.hephaestus.hephd',
};

/** What should run. */
export interface ServiceSpec {
  /** How the manager names it: {@link SERVICE_NAMES}, or a test's own beside that. */
  name: string;
  home: string;
  uid: number;
  /** The unit or plist. */
  unitPath: string;
  /** The daemon's command line; the first is absolute, and stays valid across upgrades. */
  program: readonly string[];
  paths: Paths;
  /** This program's version: what a current daemon says of itself. */
  version: string;
}

/** The file under our name, as it is. */
export type UnitFile =
  | { kind: 'absent' }
  | { kind: 'ours'; text: string; isCurrent: boolean; executable: string | null }
  /** Something that heph did not write: never changed, never removed. `hint` says what to do about it. */
  | { kind: 'foreign'; what: string; hint: string };

/** Why the service cannot be started, and what would change that. */
export interface Obstacle {
  kind: 'refused' | 'unreachable';
  why: string;
  hint: string;
}

export interface LastExit {
  code: number | null;
  signal: string | null;
}

/** What the manager's process for our service is doing. */
export type Activity =
  | { state: 'running'; pid: number }
  /** Between two lives: it ended, and the manager is about to start it again. */
  | { state: 'respawning' }
  | { state: 'starting' | 'stopping'; pid: number | null }
  /** The manager holds it, without a process, and starts none by itself. */
  | { state: 'idle' }
  | { state: 'failed' }
  | { state: 'stopped' };

/** What *is*, as the manager and the file system tell it. */
export interface Observed {
  file: UnitFile;
  /** The manager knows the service (its file may have gone since). */
  loaded: boolean;
  /** It comes at login. */
  enabled: boolean;
  /** The manager does not start it, whatever the file says. */
  obstacle: Obstacle | null;
  /** What the manager has against the text it read; null when it takes it. */
  complaint: string | null;
  /** The file the manager read; null when it read none. */
  source: string | null;
  /** The manager works from an older text than the file's. */
  isStale: boolean;
  /** The program that runs in place of the file's, where a file of the user's says so. */
  overriddenBy: string | null;
  activity: Activity;
  restarts: number | null;
  lastExit: LastExit | null;
  /** Files of the user's that change the service; they are never touched. */
  dropIns: string[];
}

/** Who answers on the socket. `silent`: somebody accepts, nobody greets. */
export type ProbeAnswer =
  | { kind: 'answers'; pid: number; version: string; startedAtMs: number }
  | { kind: 'silent' }
  | { kind: 'nobody' };

/**
 * One thing to do. The words of `do` are a closed list, documented in
 * `docs/reference/service.md`.
 */
export type Step =
  | { do: 'make-folder'; target: string }
  /** Keep what is there now under a name of its own: it may hold changes by hand. */
  | { do: 'keep-copy'; target: string; text: string }
  | { do: 'write-unit'; target: string; text: string }
  | { do: 'remove-unit'; target: string }
  | { do: 'reload'; target: string }
  | { do: 'enable'; target: string }
  | { do: 'disable'; target: string }
  | { do: 'reset-failures'; target: string }
  | { do: 'announce-hand-over'; target: string }
  | { do: 'withdraw-hand-over'; target: string }
  | { do: 'start'; target: string }
  /** `isAnew`: from a changed file or program, so that nothing the manager remembers will do. */
  | { do: 'restart'; target: string; isAnew: boolean }
  | { do: 'stop'; target: string }
  | { do: 'await-answer'; target: string; notPid: number | null }
  | { do: 'await-gone'; target: string };

export type StepName = Step['do'];

/** The steps that only a manager can take. */
const MANAGER_STEPS = [
  'reload',
  'enable',
  'disable',
  'reset-failures',
  'start',
  'restart',
  'stop',
] as const;
export type ManagerStep = Extract<Step, { do: (typeof MANAGER_STEPS)[number] }>;

export function isManagerStep(step: Step): step is ManagerStep {
  return MANAGER_STEPS.some((name) => name === step.do);
}

/** A service manager, as `heph daemon` uses it. */
export interface ServiceBackend {
  readonly manager: ManagerName;
  /**
   * The text of the unit or plist; the same spec gives the same bytes.
   * @throws {ServiceError} a path holds what it cannot express.
   */
  render(spec: ServiceSpec): string;
  /** What is there now. @throws {ServiceError} `unreachable` when the manager does not answer. */
  observe(spec: ServiceSpec): Promise<Observed>;
  /** Whether the manager has this step at all; one that it has not is left out of a plan. */
  takes(step: ManagerStep['do']): boolean;
  /** Take one step. @throws {ServiceError} */
  perform(step: ManagerStep, spec: ServiceSpec): Promise<void>;
  /** Whether services run on without a session; null when it cannot be told. Answers within 5 s. */
  linger(spec: ServiceSpec): Promise<boolean | null>;
  /** A service of the same name that belongs to the whole machine; null when there is none, or none to be seen. */
  systemWide(spec: ServiceSpec): Promise<string | null>;
  /** Whether the calling process is part of the service itself, which ends with it. */
  isInside(spec: ServiceSpec): Promise<boolean>;
}

/** How a command ended. `missing`: there is no such program. */
export type CommandOutcome =
  | { kind: 'exited'; code: number; stdout: string; stderr: string }
  | { kind: 'missing' }
  | { kind: 'timeout'; limitMs: number };

/**
 * Runs a program, no shell between. `env` is added to this process's; null
 * takes a variable away.
 */
export type RunCommand = (
  program: string,
  args: readonly string[],
  options: {
    limitMs: number;
    env?: Readonly<Record<string, string | null>>;
    /** Ends it. */
    signal?: AbortSignal | undefined;
  },
) => Promise<CommandOutcome>;

/** What lies at a path; links are not followed. */
export type PathEntry =
  | { kind: 'absent' }
  | { kind: 'file'; text: string; mode: number; uid: number }
  | { kind: 'link'; to: string }
  | { kind: 'other' };

/** What a path is, without reading it; links are not followed. */
export interface PathStat {
  type: 'file' | 'folder' | 'socket' | 'link' | 'other';
  mode: number;
  uid: number;
  bytes: number;
}

/** The few things `service/` does to files. */
export interface Files {
  entry(path: string): Promise<PathEntry>;
  /** Null where there is nothing. */
  stat(path: string): Promise<PathStat | null>;
  /** The path with every link followed; null where that leads to nothing. */
  resolve(path: string): Promise<string | null>;
  /** Whole and at once, only where nothing is yet. @returns false where something is. */
  create(path: string, text: string, mode: number): Promise<boolean>;
  /** All or nothing, durable, and a regular file of exactly this mode, whatever the umask. */
  write(path: string, text: string, mode: number): Promise<void>;
  /** Does nothing where there is nothing. */
  remove(path: string): Promise<void>;
  /** With its parents; an existing one keeps its mode. */
  makeFolder(path: string, mode: number): Promise<void>;
  /** What an ordinary user may still write there, in bytes; null where there is no such folder. */
  freeBytes(path: string): Promise<number | null>;
  /** The last lines of a text file; none where there is no file. */
  tail(path: string, lines: number): Promise<string[]>;
}

/** Asks who answers on a socket, within a time limit of its own. */
type Probe = (socket: string) => Promise<ProbeAnswer>;

/** All that `service/` needs of the world. */
export interface ServicePorts {
  run: RunCommand;
  files: Files;
  probe: Probe;
  nowMs(): number;
  sleep(ms: number): Promise<void>;
  /** This process, to those that come after it. */
  pid: number;
  isAlive(pid: number): boolean;
  env: Readonly<Record<string, string | undefined>>;
}

/** Why a verb could not do its work. The kind decides the exit code. */
export class ServiceError extends Error {
  readonly kind: 'failed' | 'unreachable' | 'refused';
  readonly hint: string | null;

  constructor(
    kind: ServiceError['kind'],
    message: string,
    hint: string | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ServiceError';
    this.kind = kind;
    this.hint = hint;
  }
}
