import {
  isInProgress,
  isNotLoaded,
  launchctlFailure,
  openLaunchctl,
  type Launchctl,
} from '#service/launchd/launchctl.ts';
import { EXIT_TIMEOUT_S, programOf, renderPlist } from '#service/launchd/plist.ts';
import {
  activityOf,
  lastExitOf,
  parsePrint,
  restartsOf,
  type Printed,
} from '#service/launchd/print.ts';
import { ownership } from '#service/ownership.ts';
import type {
  ManagerStep,
  Observed,
  ServiceBackend,
  ServicePorts,
  ServiceSpec,
} from '#service/service.ts';

/** Tearing down may take as long as the daemon may take to leave, and then some. */
const TEARDOWN_MS = (EXIT_TIMEOUT_S + 10) * 1000;
const POLL_MS = 100;

/**
 * launchd, in the domain of the user's graphical session. It has no reload and
 * no failed state, and `disable` would outlive an uninstall: those steps are
 * left out.
 */
export function launchdBackend(ports: ServicePorts): ServiceBackend {
  const launchctl = openLaunchctl(ports);
  return {
    manager: 'launchd',
    render: renderPlist,
    observe: (spec) => observe(launchctl, ports, spec),
    takes: (step) => ['enable', 'start', 'restart', 'stop'].includes(step),
    perform: (step, spec) => perform(step, launchctl, ports, spec),
  };
}

const domain = (spec: ServiceSpec) => `gui/${spec.uid}`;
const service = (spec: ServiceSpec) => `${domain(spec)}/${spec.name}`;

async function observe(
  launchctl: Launchctl,
  ports: ServicePorts,
  spec: ServiceSpec,
): Promise<Observed> {
  const printed = await print(launchctl, spec);
  const disabled = await launchctl('print-disabled', domain(spec));
  const entry = await ports.files.entry(spec.unitPath);
  const isLoadedAsWritten = printed?.arguments.join('\0') === spec.program.join('\0');
  return {
    file: ownership(entry, renderPlist(spec), programOf),
    loaded: printed !== null,
    enabled: entry.kind !== 'absent' && !isDisabled(disabled.stdout, spec.name),
    refusal: null,
    isStale: printed !== null && !isLoadedAsWritten,
    activity: printed === null ? { state: 'stopped' } : activityOf(printed),
    restarts: printed === null ? null : restartsOf(printed),
    lastExit: printed === null ? null : lastExitOf(printed),
    dropIns: [],
    linger: null,
  };
}

async function perform(
  step: ManagerStep,
  launchctl: Launchctl,
  ports: ServicePorts,
  spec: ServiceSpec,
): Promise<void> {
  if (step.do === 'enable') await strict(launchctl, 'enable', service(spec));
  if (step.do === 'start') await start(launchctl, ports, spec);
  if (step.do === 'stop') await stop(launchctl, ports, spec);
  if (step.do === 'restart') await restart(launchctl, ports, spec);
}

async function start(launchctl: Launchctl, ports: ServicePorts, spec: ServiceSpec): Promise<void> {
  // A login item once switched off stays so until it is enabled by name.
  await strict(launchctl, 'enable', service(spec));
  if ((await print(launchctl, spec)) === null) await bootstrap(launchctl, ports, spec);
  // Loaded is not spawned on every version; that it runs already is fine.
  const kicked = await launchctl('kickstart', service(spec));
  if (kicked.code !== 0 && !isInProgress(kicked)) throw launchctlFailure('start', kicked);
}

/** What is cached is only read anew by loading it anew. */
async function restart(
  launchctl: Launchctl,
  ports: ServicePorts,
  spec: ServiceSpec,
): Promise<void> {
  await stop(launchctl, ports, spec);
  await start(launchctl, ports, spec);
}

/** `bootout` answers before the process is gone. */
async function stop(launchctl: Launchctl, ports: ServicePorts, spec: ServiceSpec): Promise<void> {
  const out = await launchctl('bootout', service(spec));
  if (out.code !== 0 && !isNotLoaded(out) && !isInProgress(out))
    throw launchctlFailure('stop', out);
  await until(ports, async () => (await print(launchctl, spec)) === null);
}

async function bootstrap(
  launchctl: Launchctl,
  ports: ServicePorts,
  spec: ServiceSpec,
): Promise<void> {
  let last = { code: 0, stderr: '' };
  const isIn = await until(ports, async () => {
    last = await launchctl('bootstrap', domain(spec), spec.unitPath);
    if (last.code === 0) return true;
    if (!isInProgress(last)) throw launchctlFailure('start', last);
    return (await print(launchctl, spec)) !== null;
  });
  if (!isIn) throw launchctlFailure('start', last);
}

async function print(launchctl: Launchctl, spec: ServiceSpec): Promise<Printed | null> {
  const outcome = await launchctl('print', service(spec));
  if (outcome.code === 0) return parsePrint(outcome.stdout);
  if (isNotLoaded(outcome)) return null;
  throw launchctlFailure('look at', outcome);
}

async function strict(launchctl: Launchctl, ...args: string[]): Promise<void> {
  const outcome = await launchctl(...args);
  if (outcome.code !== 0) throw launchctlFailure(args[0] ?? '', outcome);
}

/** Ask again until it holds; false when it has not by the time a teardown may take. */
async function until(ports: ServicePorts, holds: () => Promise<boolean>): Promise<boolean> {
  const deadline = ports.nowMs() + TEARDOWN_MS;
  while (!(await holds())) {
    if (ports.nowMs() > deadline) return false;
    await ports.sleep(POLL_MS);
  }
  return true;
}

function isDisabled(stdout: string, label: string): boolean {
  const said = new RegExp(`"${label.replaceAll('.', String.raw`\.`)}" => (\\w+)`).exec(stdout)?.[1];
  return said === 'disabled' || said === 'true';
}
