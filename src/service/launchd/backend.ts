import {
  domainTarget,
  lookInBoth,
  serviceTarget,
  type Loaded,
  type Sight,
} from '#service/launchd/domains.ts';
import {
  launchctlFailure,
  meaningOf,
  openLaunchctl,
  type Launchctl,
} from '#service/launchd/launchctl.ts';
import { bringUp, kick, takeDown } from '#service/launchd/lifecycle.ts';
import { EXIT_TIMEOUT_S, programOf, renderPlist, THROTTLE_S } from '#service/launchd/plist.ts';
import { activityOf, isOutdated, lastExitOf, restartsOf } from '#service/launchd/print.ts';
import { ownership } from '#service/ownership.ts';
import type {
  ManagerStep,
  Observed,
  Obstacle,
  ServiceBackend,
  ServicePorts,
  ServiceSpec,
  Step,
} from '#service/service.ts';

/**
 * launchd, in the domain of the user's session at the screen. It has no reload,
 * and `disable` would outlive an uninstall: those steps are left out.
 */
export function launchdBackend(ports: ServicePorts): ServiceBackend {
  const launchctl = openLaunchctl(ports);
  return {
    manager: 'launchd',
    render: renderPlist,
    observe: (spec) => observe(launchctl, ports, spec),
    takes: (step) => !['reload', 'disable'].includes(step),
    perform: (step, spec) => perform(step, launchctl, ports, spec),
    linger: async () => null,
    systemWide: (spec) => systemWide(ports, spec),
    // Every job finds its own label there; a terminal's shell finds another, or 0.
    isInside: async (spec) => ports.env['XPC_SERVICE_NAME'] === spec.name,
  };
}

const NO_SESSION: Obstacle = {
  kind: 'unreachable',
  why: 'nobody is logged in at the screen, and launchd runs it in that session',
  hint: 'log in there (screen sharing will do), or run it in the foreground: hephd',
};

async function observe(
  launchctl: Launchctl,
  ports: ServicePorts,
  spec: ServiceSpec,
): Promise<Observed> {
  const sight = await lookInBoth(launchctl, spec);
  const isDisabled = await isSwitchedOff(launchctl, sight, spec);
  const entry = await ports.files.entry(spec.unitPath);
  const printed = sight.loaded[0]?.printed ?? null;
  return {
    file: ownership(entry, spec, renderPlist(spec), programOf),
    loaded: printed !== null,
    enabled: entry.kind !== 'absent' && !isDisabled,
    obstacle: sight.hasSession ? null : NO_SESSION,
    complaint: isDisabled ? 'it is switched off (System Settings, Login Items)' : null,
    source: printed?.fields['path'] ?? null,
    isStale: sight.loaded.some((each) => isOld(each, spec)),
    overriddenBy: null,
    activity: printed === null ? { state: 'stopped' } : activityOf(printed),
    restarts: printed === null ? null : restartsOf(printed),
    lastExit: printed === null ? null : lastExitOf(printed),
    dropIns: [],
  };
}

async function perform(
  step: ManagerStep,
  launchctl: Launchctl,
  ports: ServicePorts,
  spec: ServiceSpec,
): Promise<void> {
  switch (step.do) {
    case 'enable':
      return enable(launchctl, spec);
    case 'reset-failures':
      // launchd counts none; the daemon itself waits before it fails again for a reason that stays.
      return ports.files.remove(spec.paths.gaveUp);
    case 'start':
      return start(launchctl, ports, spec);
    case 'restart':
      return restart(step, launchctl, ports, spec);
    case 'stop':
      return stop(launchctl, spec);
    case 'reload':
    case 'disable':
      throw new Error(`launchd has no ${step.do}`);
  }
}

/** A login item once switched off stays so, whatever is installed, until it is enabled by name. */
async function enable(launchctl: Launchctl, spec: ServiceSpec): Promise<void> {
  const answer = await launchctl('enable', serviceTarget('gui', spec));
  if (answer.code !== 0) throw launchctlFailure('enable', spec, answer);
}

async function start(launchctl: Launchctl, ports: ServicePorts, spec: ServiceSpec): Promise<void> {
  await enable(launchctl, spec);
  const { loaded } = await lookInBoth(launchctl, spec);
  const unfit = loaded.filter((each) => each.domain !== 'gui' || isOld(each, spec));
  const isLeaving = await takeDown(unfit, launchctl, ports, spec);
  await bringUp(isLeaving, launchctl, ports, spec);
}

/**
 * What launchd read once is only read anew by loading it anew, which leaves a
 * moment without the service: where nothing changed, it is just started again.
 */
async function restart(
  { isAnew }: Extract<Step, { do: 'restart' }>,
  launchctl: Launchctl,
  ports: ServicePorts,
  spec: ServiceSpec,
): Promise<void> {
  await enable(launchctl, spec);
  const { loaded } = await lookInBoth(launchctl, spec);
  const isFit = loaded.length === 1 && loaded[0]?.domain === 'gui' && !isOld(loaded[0], spec);
  if (isFit && !isAnew) {
    const meaning = meaningOf(await kick(launchctl, spec, '-k'));
    if (meaning === 'ok' || meaning === 'in-progress') return;
  }
  const isLeaving = await takeDown(loaded, launchctl, ports, spec);
  await bringUp(isLeaving, launchctl, ports, spec);
}

/** `bootout` answers before the process is gone: whoever asked for this waits. */
async function stop(launchctl: Launchctl, spec: ServiceSpec): Promise<void> {
  const { loaded } = await lookInBoth(launchctl, spec);
  for (const { domain } of loaded) {
    const answer = await launchctl('bootout', serviceTarget(domain, spec));
    if (meaningOf(answer) === 'failed') throw launchctlFailure('stop', spec, answer);
  }
}

async function isSwitchedOff(
  launchctl: Launchctl,
  { hasSession }: Sight,
  spec: ServiceSpec,
): Promise<boolean> {
  const domain = domainTarget(hasSession ? 'gui' : 'user', spec);
  const answer = await launchctl('print-disabled', domain);
  if (answer.code !== 0) throw launchctlFailure('look at', spec, answer);
  const lines = new Set(answer.stdout.split('\n').map((line) => line.trim()));
  return ['disabled', 'true'].some((word) => lines.has(`"${spec.name}" => ${word}`));
}

/** Agents and daemons for everybody lie in folders of their own. */
async function systemWide({ files }: ServicePorts, { name }: ServiceSpec): Promise<string | null> {
  for (const folder of ['/Library/LaunchAgents', '/Library/LaunchDaemons']) {
    const path = `${folder}/${name}.plist`;
    if ((await files.stat(path)) !== null) return path;
  }
  return null;
}

function isOld({ printed }: Loaded, spec: ServiceSpec): boolean {
  return isOutdated(printed, {
    program: spec.program,
    log: spec.paths.log,
    exitTimeoutS: EXIT_TIMEOUT_S,
    throttleS: THROTTLE_S,
  });
}
