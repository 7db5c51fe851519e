import { ownership } from '#service/ownership.ts';
import type {
  ManagerStep,
  Observed,
  ServiceBackend,
  ServicePorts,
  ServiceSpec,
} from '#service/service.ts';
import { activityOf, lastExitOf, parseShow, PROPERTIES, refusalOf } from '#service/systemd/show.ts';
import { openSystemctl, type Systemctl } from '#service/systemd/systemctl.ts';
import { programOf, renderUnit } from '#service/systemd/unit.ts';

/** `systemd --user`. */
export function systemdBackend(ports: ServicePorts): ServiceBackend {
  return {
    manager: 'systemd',
    render: renderUnit,
    observe: (spec) => observe(ports, spec),
    perform: async (step, spec) => perform(step, spec.name, await openSystemctl(ports, spec)),
    takes: () => true,
  };
}

async function observe(ports: ServicePorts, spec: ServiceSpec): Promise<Observed> {
  const systemctl = await openSystemctl(ports, spec);
  const wanted = PROPERTIES.flatMap((property) => ['-p', property]);
  const shown = parseShow(await systemctl.run('show', ...wanted, spec.name));
  return {
    file: ownership(await ports.files.entry(spec.unitPath), renderUnit(spec), programOf),
    loaded: shown.LoadState === 'loaded' || activityOf(shown).state !== 'stopped',
    enabled: shown.UnitFileState === 'enabled',
    refusal: refusalOf(shown),
    isStale: shown.NeedDaemonReload === 'yes',
    activity: activityOf(shown),
    restarts: shown.NRestarts === undefined ? null : Number(shown.NRestarts),
    lastExit: lastExitOf(shown),
    dropIns: (shown.DropInPaths ?? '').split(' ').filter((path) => path !== ''),
    linger: await systemctl.linger(),
  };
}

async function perform(step: ManagerStep, unit: string, systemctl: Systemctl): Promise<void> {
  switch (step.do) {
    case 'reload':
      await systemctl.run('daemon-reload');
      return;
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
