import { isHeld } from '#service/plan.ts';
import {
  ServiceError,
  type Observed,
  type ServiceBackend,
  type ServicePorts,
  type ServiceSpec,
} from '#service/service.ts';

/** Longer than a slow disk needs to open a store. */
const ANSWER_MS = 30_000;
/** Longer than the manager waits before it kills. */
export const GONE_MS = 45_000;
const POLL_MS = 40;
const LOG_LINES = 10;

/**
 * Wait until the manager's own process answers on the socket: the proof of a
 * start, where a manager's word is not.
 * @param notPid the process that must be another one by then.
 * @throws {ServiceError} it died on arrival, with its exit and the end of its log; or time is up.
 */
export async function awaitAnswer(
  notPid: number | null,
  spec: ServiceSpec,
  backend: ServiceBackend,
  ports: ServicePorts,
): Promise<void> {
  const deadline = ports.nowMs() + ANSWER_MS;
  let first: number | null = null;
  for (;;) {
    const probe = await ports.probe(spec.paths.socket);
    const observed = await backend.observe(spec);
    const pid = observed.activity.state === 'running' ? observed.activity.pid : null;
    const isNew = pid !== null && pid !== notPid;
    if (isNew && probe.kind === 'answers' && probe.pid === pid) return;
    // The manager can be quicker than we look: then only another pid tells of a death.
    const isAnother = isNew && first !== null && pid !== first;
    if (isNew) first = pid;
    if (isAnother || hasDied(observed) || (await hasGivenUp(spec, ports)))
      throw await died(observed, spec, ports);
    if (ports.nowMs() > deadline) {
      const message = `cannot reach hephd: it runs, but has not answered on ${spec.paths.socket} for ${ANSWER_MS / 1000} s`;
      throw new ServiceError(
        'failed',
        `${message}${await logEnd(spec, ports)}`,
        'try: heph daemon restart',
      );
    }
    await ports.sleep(POLL_MS);
  }
}

/** Wait until the process is gone, then remove a socket that it left behind. */
export async function awaitGone(
  spec: ServiceSpec,
  backend: ServiceBackend,
  ports: ServicePorts,
): Promise<void> {
  const deadline = ports.nowMs() + GONE_MS;
  while (isHeld(await backend.observe(spec))) {
    if (ports.nowMs() > deadline) {
      throw new ServiceError(
        'failed',
        `cannot stop hephd: it is still there after ${GONE_MS / 1000} s`,
        'see: heph daemon status',
      );
    }
    await ports.sleep(POLL_MS);
  }
  const { socket } = spec.paths;
  const left = await ports.files.stat(socket);
  if (left?.type !== 'socket' || left.uid !== spec.uid) return;
  if ((await ports.probe(socket)).kind === 'nobody') await ports.files.remove(socket);
}

/** An `awaited` daemon that the manager has had to give up or begin anew has died on arrival. */
function hasDied({ activity }: Observed): boolean {
  return ['respawning', 'failed', 'stopped'].includes(activity.state);
}

/** Where the manager cannot be told to stop trying, the daemon says that it waits before it fails again. */
async function hasGivenUp({ paths }: ServiceSpec, { files }: ServicePorts): Promise<boolean> {
  return (await files.stat(paths.gaveUp)) !== null;
}

async function died(
  observed: Observed,
  spec: ServiceSpec,
  ports: ServicePorts,
): Promise<ServiceError> {
  const { lastExit } = observed;
  const how =
    lastExit === null
      ? ''
      : lastExit.signal === null
        ? ` with exit code ${lastExit.code}`
        : `, killed by ${lastExit.signal}`;
  const message = `cannot start hephd: it ended at once${how}${await logEnd(spec, ports)}`;
  return new ServiceError('failed', message, 'mend that, then: heph daemon start');
}

async function logEnd(spec: ServiceSpec, ports: ServicePorts): Promise<string> {
  const lines = await ports.files.tail(spec.paths.log, LOG_LINES);
  return lines.length === 0
    ? ''
    : `; its log ends:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
