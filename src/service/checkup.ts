import { look, type Sighting } from '#service/look.ts';
import {
  ServiceError,
  type PathStat,
  type ProbeAnswer,
  type ServiceBackend,
  type ServicePorts,
  type ServiceSpec,
} from '#service/service.ts';

/** What somebody found out about a part that may be broken. */
export type Verdict = { kind: 'sound' } | { kind: 'broken' | 'unknown'; why: string };

/** What only the caller can ask, because `service/` knows neither the client nor the settings. */
export interface Askable {
  /** The daemon's own word on its store. */
  store(): Promise<Verdict>;
}

/** All that can be wrong, looked at. */
export interface Checkup {
  spec: ServiceSpec;
  /** Null when the manager could not be asked; `unreachable` says why. */
  sighting: Sighting | null;
  unreachable: ServiceError | null;
  probe: ProbeAnswer;
  linger: boolean | null;
  places: Readonly<Record<Place, PathStat | null>>;
  /** Words of the command line that are paths, and lead to nothing. */
  missing: string[];
  store: Verdict;
  settings: Verdict;
  freeBytes: number | null;
  /** A service of the same name that the whole machine has. */
  systemWide: string | null;
  /** Our variables that point commands elsewhere. */
  variables: string[];
}

const PLACES = ['home', 'dataDir', 'db', 'socket', 'log', 'config', 'unit'] as const;
type Place = (typeof PLACES)[number];

/** Look at everything; changes nothing. Never rejects for what it finds. */
export async function checkUp(
  spec: ServiceSpec,
  backend: ServiceBackend,
  ports: ServicePorts,
  askable: Askable,
  variables: string[],
): Promise<Checkup> {
  const { files } = ports;
  const [{ sighting, unreachable }, probe, linger, systemWide] = await Promise.all([
    tryToLook(spec, backend, ports),
    ports.probe(spec.paths.socket),
    backend.linger(spec),
    backend.systemWide(spec),
  ]);
  const pathOf: Record<Place, string> = { ...spec.paths, home: spec.home, unit: spec.unitPath };
  const stats = await Promise.all(
    PLACES.map(async (place) => [place, await files.stat(pathOf[place])] as const),
  );
  return {
    spec,
    sighting,
    unreachable,
    probe,
    linger,
    places: Object.fromEntries(stats) as Checkup['places'],
    missing: await missingOf(spec, ports),
    store: probe.kind === 'answers' ? await askable.store() : unasked(),
    settings: await settingsOf(spec, ports),
    freeBytes: await files.freeBytes(spec.paths.dataDir),
    systemWide,
    variables,
  };
}

async function tryToLook(spec: ServiceSpec, backend: ServiceBackend, ports: ServicePorts) {
  try {
    return { sighting: await look(spec, backend, ports), unreachable: null };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { sighting: null, unreachable: error };
  }
}

async function missingOf({ program }: ServiceSpec, { files }: ServicePorts): Promise<string[]> {
  const paths = program.filter((word) => word.startsWith('/'));
  const found = await Promise.all(paths.map((path) => files.resolve(path)));
  return paths.filter((_, at) => found[at] === null);
}

/** The daemon that would run is the judge of its settings. */
async function settingsOf({ program }: ServiceSpec, ports: ServicePorts): Promise<Verdict> {
  const [first = '', ...rest] = program;
  const outcome = await ports.run(first, [...rest, '--check-config'], { limitMs: 10_000 });
  if (outcome.kind !== 'exited') return { kind: 'unknown', why: 'hephd cannot be run' };
  if (outcome.code === 0) return { kind: 'sound' };
  const why = outcome.stderr.trim() || `hephd ended with ${outcome.code}`;
  return { kind: outcome.code === 78 ? 'broken' : 'unknown', why };
}

function unasked(): Verdict {
  return { kind: 'unknown', why: 'no daemon answers that could be asked' };
}
