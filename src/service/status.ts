import { hintsOf } from '#service/hints.ts';
import { executableOf } from '#service/ownership.ts';
import { foreignPid } from '#service/plan.ts';
import type { Sighting } from '#service/look.ts';
import type {
  LastExit,
  ManagerName,
  ServiceBackend,
  ServicePorts,
  ServiceSpec,
} from '#service/service.ts';
import { updatePlaces } from '#update/places.ts';
import { parseState } from '#update/state.ts';

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
  const executable = (file.kind === 'ours' ? file.executable : null) ?? executableIn(spec);
  const isFileCurrent = file.kind === 'ours' && file.isCurrent;
  const linger = await backend.linger(spec);
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
    linger,
    update: await updateOf(spec, ports),
    hints: await hintsOf({ sighting, spec, executable, version, linger }, ports),
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
  const [probe, stat] = await Promise.all([
    ports.probe(spec.paths.socket),
    ports.files.stat(spec.unitPath),
  ]);
  const answers = probe.kind === 'answers' ? probe : null;
  return {
    manager: null,
    installed: stat !== null,
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
    executable: executableIn(spec),
    socket: spec.paths.socket,
    db: spec.paths.db,
    log: spec.paths.log,
    linger: null,
    update: await updateOf(spec, ports),
    hints: [why.message, ...(why.hint === null ? [] : [why.hint])],
  };
}

/** No state file is longer. */
const STATE_LINES = 10_000;

/** What hephd has noted of updates, whether it runs or not. */
async function updateOf({ paths }: ServiceSpec, ports: ServicePorts): Promise<Status['update']> {
  const lines = await ports.files.tail(updatePlaces(paths.dataDir).state, STATE_LINES);
  const { policy, last_check, last_result, pending } = parseState(lines.join('\n'));
  return { policy, last_check, last_result, pending: pending?.to ?? null };
}

/** Where there is no unit that names one. */
function executableIn({ program }: ServiceSpec): string {
  return executableOf(program) ?? '';
}

function uptime(startedAtMs: number, ports: ServicePorts): number {
  return Math.max(0, Math.round((ports.nowMs() - startedAtMs) / 1000));
}
