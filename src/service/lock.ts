import {
  ServiceError,
  type PathEntry,
  type ServicePorts,
  type ServiceSpec,
} from '#service/service.ts';

/** Longer than the longest of the others may take: a stop and a start. */
const WAIT_MS = 120_000;
/** A command does not take as long: whoever has the pid by now is somebody else. */
const STALE_MS = 300_000;
const POLL_MS = 100;

/**
 * One `heph daemon` command at a time: two that interleave would both be right,
 * and leave neither's end state. It lies in the data folder, and none is made
 * for it: a command that will need the folder makes it first.
 *
 * The lock is a file with a pid and a time; that of a process that has gone is
 * taken over. Two that take over the same one in the same instant may both go
 * on: every step is safe to take twice, so that costs nothing but the order.
 * @throws {ServiceError} another command has been at work for two minutes.
 */
export async function exclusively<T>(
  spec: ServiceSpec,
  ports: ServicePorts,
  work: () => Promise<T>,
): Promise<T> {
  const { files } = ports;
  if ((await files.stat(spec.paths.dataDir)) === null) return work();
  const path = spec.paths.verbLock;
  const mine = await take(path, ports);
  try {
    return await work();
  } finally {
    const there = await files.entry(path);
    if (there.kind === 'file' && there.text === mine) await files.remove(path);
  }
}

/** @returns the text that says that it is ours. */
async function take(path: string, ports: ServicePorts): Promise<string> {
  const deadline = ports.nowMs() + WAIT_MS;
  for (;;) {
    const mine = `${ports.pid} ${ports.nowMs()} ${Math.random()}\n`;
    if (await ports.files.create(path, mine, 0o600)) return mine;
    const entry = await ports.files.entry(path);
    // Let go of since: whoever has it by now must not lose it.
    if (entry.kind === 'absent') continue;
    const holder = holderOf(entry, ports);
    if (holder === null) {
      await ports.files.remove(path);
    } else if (ports.nowMs() > deadline) {
      throw new ServiceError(
        'failed',
        `cannot go on: another heph daemon command, pid ${holder}, has been at work for ${WAIT_MS / 1000} s`,
        `wait for it, or end it: kill ${holder}`,
      );
    } else {
      await ports.sleep(POLL_MS);
    }
  }
}

/** Null when nobody holds it any more. */
function holderOf(entry: PathEntry, ports: ServicePorts): number | null {
  if (entry.kind !== 'file') return null;
  const [pid = 0, sinceMs = 0] = entry.text.split(' ').map(Number);
  const isStale = !(pid > 0) || !ports.isAlive(pid) || ports.nowMs() - sinceMs > STALE_MS;
  return isStale ? null : pid;
}
