import type {
  Observed,
  ProbeAnswer,
  ServiceBackend,
  ServicePorts,
  ServiceSpec,
} from '#service/service.ts';

/** What is, looked at from all three sides: the file, the manager, the socket. */
export interface Sighting {
  observed: Observed;
  probe: ProbeAnswer;
  /** The version of the unit's executable; null when it does not run. */
  installedVersion: string | null;
  /** It has failed for a reason that stays, and waits before it does so again (launchd). */
  isHeldBack: boolean;
}

export async function look(
  spec: ServiceSpec,
  backend: ServiceBackend,
  ports: ServicePorts,
): Promise<Sighting> {
  const [observed, probe, gaveUp] = await Promise.all([
    backend.observe(spec),
    ports.probe(spec.paths.socket),
    ports.files.stat(spec.paths.gaveUp),
  ]);
  const { file } = observed;
  const other = file.kind === 'ours' && !file.isCurrent ? file.executable : null;
  const installedVersion = other === null ? spec.version : await versionOf(other, ports);
  return { observed, probe, installedVersion, isHeldBack: gaveUp !== null };
}

/** Only another program's word is asked for: this one knows its own version. */
async function versionOf(executable: string, ports: ServicePorts): Promise<string | null> {
  const outcome = await ports.run(executable, ['--version'], { limitMs: 5000 });
  if (outcome.kind !== 'exited' || outcome.code !== 0) return null;
  return /^hephd (\S+)/.exec(outcome.stdout)?.[1] ?? null;
}
