import { defaultPaths } from '#config/paths.ts';
import type {
  CommandOutcome,
  Observed,
  PathEntry,
  PathStat,
  ProbeAnswer,
  ServiceBackend,
  ServicePorts,
  ServiceSpec,
} from '#service/service.ts';

const HOME = '/home/ada';

/** A service as the tests of single rules imagine it: no manager, no file, no time. */
export const SPEC: ServiceSpec = {
  name: 'heph.service',
  home: HOME,
  uid: 1000,
  unitPath: `${HOME}/.config/systemd/user/heph.service`,
  program: ['/opt/hephd', '--mode', 'local'],
  paths: defaultPaths(HOME),
  version: '1',
};

export const ANSWERS = { kind: 'answers', pid: 42, version: '1', startedAtMs: 0 } as const;

/** Running, and nothing to be said against it. */
export const OBSERVED: Observed = {
  file: { kind: 'ours', text: 'wanted', isCurrent: true, executable: '/opt/hephd' },
  loaded: true,
  enabled: true,
  obstacle: null,
  complaint: null,
  source: SPEC.unitPath,
  isStale: false,
  overriddenBy: null,
  activity: { state: 'running', pid: 42 },
  restarts: 0,
  lastExit: null,
  dropIns: [],
};

export function place(type: PathStat['type'], mode: number, uid = SPEC.uid): PathStat {
  return { type, mode, uid, bytes: 1 };
}

export function exited(code: number, stdout = '', stderr = ''): CommandOutcome {
  return { kind: 'exited', code, stdout, stderr };
}

/** What is where; all else is not there. */
export interface Imagined {
  stats?: Readonly<Record<string, PathStat>>;
  entries?: Readonly<Record<string, PathEntry>>;
  /** Paths that lead somewhere, and where. */
  links?: Readonly<Record<string, string>>;
  log?: readonly string[];
  freeBytes?: number | null;
  probe?: () => ProbeAnswer;
  run?: (words: string) => CommandOutcome;
  env?: Readonly<Record<string, string>>;
}

export interface ImaginedPorts {
  ports: ServicePorts;
  /** All that was done, in order: writes, removals, commands with their time limits, waiting. */
  did: string[];
}

/** A test that takes more steps than this, or asks for the time as often, would never end. */
const PATIENCE = 10_000;

/** The world of a test: it holds what the test says, and notes what is done to it. */
export function imagine(imagined: Imagined = {}): ImaginedPorts {
  const { stats = {}, entries = {}, links = {}, log = [], freeBytes = null, env = {} } = imagined;
  const { probe = () => ({ kind: 'nobody' }), run = () => ({ kind: 'missing' }) } = imagined;
  const did: string[] = [];
  let nowMs = 1000;
  let glances = 0;
  const bear = (count: number) => {
    if (count > PATIENCE) throw new Error('this would go on for ever');
  };
  const note = (words: string) => bear(did.push(words));
  const ports: ServicePorts = {
    env,
    pid: 7,
    isAlive: () => true,
    nowMs: () => {
      bear(++glances);
      return nowMs;
    },
    sleep: async (ms) => {
      nowMs += ms;
      note(`sleep ${ms}`);
    },
    probe: async () => probe(),
    run: async (program, args, { limitMs }) => {
      const words = [program, ...args].join(' ');
      note(`${words} (${limitMs} ms)`);
      return run(words);
    },
    files: {
      entry: async (path) => entries[path] ?? { kind: 'absent' },
      stat: async (path) => stats[path] ?? null,
      resolve: async (path) => links[path] ?? null,
      create: async () => true,
      write: async (path, text, mode) => note(`write ${path} 0${mode.toString(8)} ${text}`),
      remove: async (path) => note(`remove ${path}`),
      makeFolder: async (path, mode) => note(`make ${path} 0${mode.toString(8)}`),
      freeBytes: async () => freeBytes,
      tail: async (_, lines) => log.slice(-lines),
    },
  };
  return { ports, did };
}

/** A manager that sees what the test says, time after time; the last one stays. */
export function backendSeeing(...sights: readonly Partial<Observed>[]): ServiceBackend {
  let at = 0;
  return {
    manager: 'systemd',
    render: () => 'wanted',
    observe: async () => ({ ...OBSERVED, ...sights[Math.min(at++, sights.length - 1)] }),
    takes: () => true,
    perform: async () => undefined,
    linger: async () => true,
    systemWide: async () => null,
    isInside: async () => false,
  };
}
