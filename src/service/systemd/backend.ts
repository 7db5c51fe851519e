import { ownership } from '#service/ownership.ts';
import {
  ServiceError,
  type ManagerStep,
  type Observed,
  type ServiceBackend,
  type ServicePorts,
  type ServiceSpec,
} from '#service/service.ts';
import {
  activityOf,
  complaintOf,
  executableOf,
  lastExitOf,
  obstacleOf,
  parseShow,
  PROPERTIES,
  type Shown,
} from '#service/systemd/show.ts';
import { openSystemctl, type Systemctl } from '#service/systemd/systemctl.ts';
import { executable, programOf, renderUnit } from '#service/systemd/unit.ts';

/** `systemd --user`. */
export function systemdBackend(ports: ServicePorts): ServiceBackend {
  return {
    manager: 'systemd',
    render: renderUnit,
    observe: (spec) => observe(ports, spec),
    perform: async (step, spec) => perform(step, spec, await openSystemctl(ports, spec), ports),
    takes: () => true,
    linger: async (spec) => (await openSystemctl(ports, spec)).linger(),
    systemWide: async (spec) => (await openSystemctl(ports, spec)).systemWide(spec.name),
    isInside: (spec) => isInside(ports, spec),
  };
}

async function observe(ports: ServicePorts, spec: ServiceSpec): Promise<Observed> {
  const systemctl = await openSystemctl(ports, spec);
  const shown = await show(systemctl, spec);
  const activity = activityOf(shown);
  const isLoaded = shown.LoadState === 'loaded' || activity.state !== 'stopped';
  const file = ownership(await ports.files.entry(spec.unitPath), spec, renderUnit(spec), programOf);
  return {
    file,
    loaded: isLoaded,
    enabled: shown.UnitFileState === 'enabled',
    obstacle: obstacleOf(shown, spec.name),
    complaint: complaintOf(shown),
    source: shown.FragmentPath || null,
    isStale: shown.NeedDaemonReload === 'yes',
    overriddenBy: file.kind === 'ours' && file.isCurrent ? overriding(shown, spec) : null,
    activity,
    restarts: shown.NRestarts === undefined ? null : Number(shown.NRestarts),
    lastExit: lastExitOf(shown),
    dropIns: (shown.DropInPaths ?? '').split(' ').filter((path) => path !== ''),
  };
}

async function show(systemctl: Systemctl, { name }: ServiceSpec): Promise<Shown> {
  const wanted = PROPERTIES.flatMap((property) => ['-p', property]);
  return parseShow(await systemctl.run('show', ...wanted, name));
}

/** A drop-in's word against the unit's: what runs, where that is not the unit's own program. */
function overriding(shown: Shown, { program }: ServiceSpec): string | null {
  const path = executableOf(shown);
  const isWanted = path === executable(program)[0];
  return isWanted || shown.NeedDaemonReload === 'yes' ? null : path;
}

async function perform(
  step: ManagerStep,
  spec: ServiceSpec,
  systemctl: Systemctl,
  ports: ServicePorts,
): Promise<void> {
  const unit = spec.name;
  switch (step.do) {
    case 'reload':
      await systemctl.run('daemon-reload');
      return refuseOtherSource(spec, systemctl, ports);
    case 'enable':
      await systemctl.run('enable', unit);
      return;
    case 'disable':
      await systemctl.runIfLoaded('disable', unit);
      return;
    case 'reset-failures':
      // Manual starts count towards systemd's limit as well: begin at nought.
      await systemctl.runIfLoaded('reset-failed', unit);
      return;
    case 'start':
    case 'restart':
      await systemctl.run(step.do, unit);
      return;
    case 'stop':
      await systemctl.runIfLoaded('stop', unit);
  }
}

/**
 * The manager has an environment of its own: where that names another folder
 * for units, or one that goes before ours, what we wrote is not what it runs.
 */
async function refuseOtherSource(
  spec: ServiceSpec,
  systemctl: Systemctl,
  { files }: ServicePorts,
): Promise<void> {
  const ours = await files.resolve(spec.unitPath);
  if (ours === null) return;
  const { FragmentPath: source = '' } = await show(systemctl, spec);
  if (source !== '' && (await files.resolve(source)) === ours) return;
  const what = source === '' ? 'does not see it' : `reads ${source} in its place`;
  throw new ServiceError(
    'failed',
    `cannot manage ${spec.name}: ${spec.unitPath} is written, and your systemd user manager ${what}`,
    'see: systemctl --user show -p UnitPath, and XDG_CONFIG_HOME in: systemctl --user show-environment',
  );
}

/** The control group is the unit's: whoever is in it ends with it. */
async function isInside({ files }: ServicePorts, { name }: ServiceSpec): Promise<boolean> {
  const entry = await files.entry('/proc/self/cgroup');
  return entry.kind === 'file' && entry.text.split(/[\n/]/).includes(name);
}
