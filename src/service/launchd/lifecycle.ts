import { domainTarget, lookInBoth, serviceTarget, type Loaded } from '#service/launchd/domains.ts';
import {
  launchctlFailure,
  meaningOf,
  type Answer,
  type Launchctl,
} from '#service/launchd/launchctl.ts';
import { EXIT_TIMEOUT_S } from '#service/launchd/plist.ts';
import { ServiceError, type ServicePorts, type ServiceSpec } from '#service/service.ts';

/** Tearing down may take as long as the daemon may take to leave, and then some. */
const TEARDOWN_MS = (EXIT_TIMEOUT_S + 10) * 1000;
const POLL_MS = 100;

/**
 * Have launchd let go of these, and wait until it has: `bootout` answers before.
 * @returns whether there was anything to wait for.
 */
export async function takeDown(
  loaded: readonly Loaded[],
  launchctl: Launchctl,
  ports: ServicePorts,
  spec: ServiceSpec,
): Promise<boolean> {
  for (const { domain } of loaded) {
    const answer = await launchctl('bootout', serviceTarget(domain, spec));
    if (meaningOf(answer) === 'failed') throw launchctlFailure('stop', spec, answer);
  }
  const deadline = ports.nowMs() + TEARDOWN_MS;
  const isThere = async () => {
    const now = await lookInBoth(launchctl, spec);
    return loaded.some(({ domain }) => now.loaded.some((each) => each.domain === domain));
  };
  while (loaded.length > 0 && (await isThere()) && ports.nowMs() < deadline) {
    await ports.sleep(POLL_MS);
  }
  return loaded.length > 0;
}

/**
 * Load it and have it run. While an older one is on its way out, launchd refuses
 * with numbers that mean nothing by themselves: what `print` says decides.
 * @param isLeaving an older one was just taken down.
 * @throws {ServiceError} it stayed so for longer than a daemon may take to leave.
 */
export async function bringUp(
  isLeaving: boolean,
  launchctl: Launchctl,
  ports: ServicePorts,
  spec: ServiceSpec,
): Promise<void> {
  const deadline = ports.nowMs() + TEARDOWN_MS;
  let mayWait = isLeaving;
  for (let tries = 0; ; tries++) {
    const { loaded } = await lookInBoth(launchctl, spec);
    const isLoaded = loaded.some(({ domain }) => domain === 'gui');
    const answer = isLoaded
      ? await kick(launchctl, spec)
      : await launchctl('bootstrap', domainTarget('gui', spec), spec.unitPath);
    const meaning = meaningOf(answer);
    // Loaded is not spawned on every version; that it runs already is fine.
    if (meaning === 'ok' && !isLoaded) await kick(launchctl, spec);
    if (meaning === 'ok' || (isLoaded && meaning === 'in-progress')) return;
    // Listed, and yet not to be started: it is on its way out.
    const isGone = isLoaded && meaning === 'not-loaded';
    mayWait ||= isGone;
    const isPassing = meaning === 'in-progress' && (mayWait || tries === 0);
    if (!isPassing && !isGone) throw launchctlFailure('start', spec, answer);
    if (ports.nowMs() > deadline) throw stillLeaving(spec);
    await ports.sleep(POLL_MS);
  }
}

function stillLeaving({ unitPath, uid }: ServiceSpec): ServiceError {
  return new ServiceError(
    'failed',
    `cannot start hephd: launchd has been taking the one before down for ${TEARDOWN_MS / 1000} s, and takes no other meanwhile`,
    `hephd is not running; try again: heph daemon start; by hand: launchctl bootstrap gui/${uid} ${unitPath}`,
  );
}

/**
 * Start it now. One that is between two lives may keep the call waiting: no
 * answer to that is no failure, for whether it answers is asked of the daemon itself.
 */
export async function kick(
  launchctl: Launchctl,
  spec: ServiceSpec,
  ...flags: '-k'[]
): Promise<Answer> {
  try {
    return await launchctl('kickstart', ...flags, serviceTarget('gui', spec));
  } catch (error) {
    if (!(error instanceof ServiceError) || error.kind !== 'unreachable') throw error;
    return { kind: 'exited', code: 0, stdout: '', stderr: '' };
  }
}
