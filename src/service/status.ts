import { foreignPid, isActive } from '#service/plan.ts';
import type {
  LastExit,
  ManagerName,
  Observed,
  ProbeAnswer,
  ServiceBackend,
  ServicePorts,
  ServiceSpec,
} from '#service/service.ts';

/**
 * What `heph daemon status --json` prints. Five facts, kept apart: installed
 * (the file is there), enabled (it comes at login), running (the manager has a
 * live process), healthy (that process answers), current (file and running
 * version are what this program would write). Fields are only ever added.
 */
export interface Status {
  manager: ManagerName | null;
  installed: boolean;
  enabled: boolean;
  running: boolean;
  healthy: boolean;
  current: boolean;
  pid: number | null;
  restarts: number | null;
  uptime_s: number | null;
  last_exit: LastExit | null;
  version: { running: string | null; installed: string };
  unit: string;
  executable: string;
  socket: string;
  db: string;
  log: string;
  linger: boolean | null;
  update: {
    policy: 'off' | 'on';
    last_check: string | null;
    last_result: string | null;
    pending: string | null;
  };
  hints: string[];
}

/** What is, looked at from all three sides: the file, the manager, the socket. */
export interface Sighting {
  observed: Observed;
  probe: ProbeAnswer;
  /** The version of the unit's executable; null when it does not run. */
  installedVersion: string | null;
}

export async function look(
  spec: ServiceSpec,
  backend: ServiceBackend,
  ports: ServicePorts,
): Promise<Sighting> {
  const [observed, probe] = await Promise.all([
    backend.observe(spec),
    ports.probe(spec.paths.socket),
  ]);
  const { file } = observed;
  const isOurs = file.kind === 'ours' && !file.isCurrent && file.executable !== null;
  const installedVersion = isOurs ? await versionOf(file.executable ?? '', ports) : spec.version;
  return { observed, probe, installedVersion };
}

/** Only another program's word is asked for: this one knows its own version. */
async function versionOf(executable: string, ports: ServicePorts): Promise<string | null> {
  const outcome = await ports.run(executable, ['--version'], { limitMs: 5000 });
  if (outcome.kind !== 'exited' || outcome.code !== 0) return null;
  return /^hephd (\S+)/.exec(outcome.stdout)?.[1] ?? null;
}

export async function statusOf(
  sighting: Sighting,
  spec: ServiceSpec,
  backend: ServiceBackend,
  ports: ServicePorts,
): Promise<Status> {
  const { observed, probe } = sighting;
  const { activity, file } = observed;
  const running = activity.state === 'running';
  const answers = probe.kind === 'answers' && foreignPid(sighting) === null && running;
  const version = answers ? probe.version : null;
  const executable = (file.kind === 'ours' ? file.executable : null) ?? spec.program.at(-1) ?? '';
  const isFileCurrent = file.kind === 'ours' && file.isCurrent;
  return {
    manager: backend.manager,
    installed: file.kind !== 'absent',
    enabled: observed.enabled,
    running,
    healthy: answers,
    current: isFileCurrent && (!running || (!observed.isStale && version === spec.version)),
    pid: running ? activity.pid : null,
    restarts: observed.restarts,
    uptime_s: answers ? uptime(probe.startedAtMs, ports) : null,
    last_exit: observed.lastExit,
    version: { running: version, installed: sighting.installedVersion ?? spec.version },
    unit: spec.unitPath,
    executable,
    socket: spec.paths.socket,
    db: spec.paths.db,
    log: spec.paths.log,
    linger: observed.linger,
    update: NO_UPDATE,
    hints: await hintsOf(sighting, spec, executable, version, ports),
  };
}

/**
 * What can be told while the manager cannot be asked: whether anybody answers.
 * @param why goes into the hints.
 */
export async function blindStatus(
  spec: ServiceSpec,
  why: { message: string; hint: string | null },
  ports: ServicePorts,
): Promise<Status> {
  const [probe, entry] = await Promise.all([
    ports.probe(spec.paths.socket),
    ports.files.entry(spec.unitPath),
  ]);
  const answers = probe.kind === 'answers' ? probe : null;
  return {
    manager: null,
    installed: entry.kind !== 'absent',
    enabled: false,
    running: answers !== null,
    healthy: answers !== null,
    current: answers?.version === spec.version,
    pid: answers?.pid ?? null,
    restarts: null,
    uptime_s: answers === null ? null : uptime(answers.startedAtMs, ports),
    last_exit: null,
    version: { running: answers?.version ?? null, installed: spec.version },
    unit: spec.unitPath,
    executable: spec.program[0] ?? '',
    socket: spec.paths.socket,
    db: spec.paths.db,
    log: spec.paths.log,
    linger: null,
    update: NO_UPDATE,
    hints: [why.message, ...(why.hint === null ? [] : [why.hint])],
  };
}

/** There is no self-update yet, so it is off. */
const NO_UPDATE: Status['update'] = {
  policy: 'off',
  last_check: null,
  last_result: null,
  pending: null,
};

function uptime(startedAtMs: number, ports: ServicePorts): number {
  return Math.max(0, Math.round((ports.nowMs() - startedAtMs) / 1000));
}

async function hintsOf(
  sighting: Sighting,
  spec: ServiceSpec,
  executable: string,
  version: string | null,
  { files }: ServicePorts,
): Promise<string[]> {
  const { observed, probe } = sighting;
  const { activity, file } = observed;
  const foreign = foreignPid(sighting);
  const installed = file.kind === 'ours';
  const isExecutableThere = (await files.entry(executable)).kind !== 'absent';
  const drifted = installed && (!file.isCurrent || observed.isStale);
  const crashing = activity.state === 'respawning';
  const hints: [boolean, string][] = [
    [
      file.kind === 'foreign',
      `${spec.unitPath} is ${file.kind === 'foreign' ? file.what : ''}: heph leaves it alone`,
    ],
    [observed.refusal !== null, `the service manager refuses it: ${observed.refusal}`],
    [
      foreign !== null,
      `another hephd, pid ${foreign}, answers on the socket: kill ${foreign}, then heph daemon start`,
    ],
    [
      file.kind === 'absent' && isActive(observed),
      'its unit has gone, and it will not come back at the next login: heph daemon start',
    ],
    [
      installed && !isExecutableThere,
      `${executable} has gone, and the next start will fail: heph daemon restart`,
    ],
    [
      version !== null && version !== spec.version,
      `running ${version}, installed ${spec.version}: heph daemon restart`,
    ],
    [drifted, 'its unit is not what this heph would write: heph daemon restart'],
    [installed && !observed.enabled, 'it does not come at login: heph daemon start'],
    [
      activity.state === 'running' && probe.kind !== 'answers',
      'it runs but does not answer: heph daemon restart',
    ],
    [crashing, `it keeps ending, and the manager keeps starting it: see ${spec.paths.log}`],
    [
      activity.state === 'failed',
      `it failed, and the manager has given up: see ${spec.paths.log}, then heph daemon start`,
    ],
    [
      installed && activity.state === 'stopped' && foreign === null,
      'it comes back at the next login, or now with: heph daemon start',
    ],
    [
      file.kind === 'absent' && !isActive(observed) && foreign === null,
      'install and start it with: heph daemon start',
    ],
    [
      observed.dropIns.length > 0,
      `these files change it, and are yours: ${observed.dropIns.join(', ')}`,
    ],
    [
      installed && observed.linger === false,
      'it ends when you log out for the last time; to keep it: loginctl enable-linger',
    ],
  ];
  return hints.filter(([holds]) => holds).map(([, text]) => text);
}
