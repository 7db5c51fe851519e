import type { Checkup, Verdict } from '#service/checkup.ts';
import { passingPlace } from '#service/executable.ts';
import { foreignPid } from '#service/plan.ts';
import type { PathStat } from '#service/service.ts';

/**
 * One thing looked at. `bad` keeps heph from working, or will; `note` is worth
 * knowing; `unknown` could not be looked at. `mend` is a command, or what to do.
 */
export interface Finding {
  check: CheckName;
  state: 'good' | 'bad' | 'note' | 'unknown';
  says: string;
  mend: string | null;
}

/** Free space below which the next writes may fail. */
const LEAST_FREE_BYTES = 100 * 1024 * 1024;

/** What there is to find, in the order of a person's questions. */
const CHECKS = {
  manager,
  unit,
  'drop-ins': dropIns,
  login,
  process,
  socket,
  version,
  executable,
  settings,
  store,
  permissions,
  disk,
  linger,
  duplicate,
  variables,
} as const satisfies Record<string, (checkup: Checkup) => Omit<Finding, 'check'>[]>;
export type CheckName = keyof typeof CHECKS;
export const CHECK_NAMES = Object.keys(CHECKS) as CheckName[];

/** Every check, once or several times; each says so when there is nothing wrong. */
export function diagnose(checkup: Checkup): Finding[] {
  return CHECK_NAMES.flatMap((check) =>
    CHECKS[check](checkup).map((finding) => ({ check, ...finding })),
  );
}

type Found = Omit<Finding, 'check'>[];
const good = (says: string): Found => [{ state: 'good', says, mend: null }];
const bad = (says: string, mend: string): Found => [{ state: 'bad', says, mend }];
const note = (says: string, mend: string | null): Found => [{ state: 'note', says, mend }];
const unknown = (says: string): Found => [{ state: 'unknown', says, mend: null }];
const NOT_ASKED = 'the service manager could not be asked';

function manager({ unreachable }: Checkup): Found {
  if (unreachable === null) return good('the service manager answers');
  return bad(unreachable.message, unreachable.hint ?? 'heph daemon status');
}

function unit({ sighting, spec }: Checkup): Found {
  if (sighting === null) return unknown(NOT_ASKED);
  const { file, obstacle, complaint, isStale, source } = sighting.observed;
  if (file.kind === 'foreign') return bad(`${spec.unitPath} is ${file.what}`, file.hint);
  if (obstacle !== null) return bad(`${spec.name}: ${obstacle.why}`, obstacle.hint);
  if (file.kind === 'absent') return bad('hephd is not installed', 'heph daemon start');
  if (complaint !== null) return bad(complaint, 'heph daemon restart');
  if (source !== null && source !== spec.unitPath) {
    return bad(`the manager reads ${source} in place of ${spec.unitPath}`, `move ${source} away`);
  }
  if (!file.isCurrent || isStale) {
    return bad(`${spec.unitPath} is not what this heph would write`, 'heph daemon restart');
  }
  return good(spec.unitPath);
}

function dropIns({ sighting }: Checkup): Found {
  if (sighting === null) return unknown(NOT_ASKED);
  const { dropIns: paths, overriddenBy } = sighting.observed;
  if (paths.length === 0) return good('none');
  const list = paths.join(', ');
  if (overriddenBy === null) return note(`these change the service, and are yours: ${list}`, null);
  return bad(`${list}: has it run ${overriddenBy}, which heph did not write`, 'take ExecStart out');
}

function login({ sighting }: Checkup): Found {
  if (sighting === null) return unknown(NOT_ASKED);
  const { enabled, file } = sighting.observed;
  if (file.kind !== 'ours') return unknown('not installed');
  return enabled
    ? good('it comes at login')
    : bad('it does not come at login', 'heph daemon start');
}

function process({ sighting, spec }: Checkup): Found {
  if (sighting === null) return unknown(NOT_ASKED);
  const { activity, lastExit, restarts } = sighting.observed;
  const foreign = foreignPid(sighting);
  if (foreign !== null) {
    return bad(
      `another hephd, pid ${foreign}, which no service manager runs, answers on ${spec.paths.socket}`,
      `kill ${foreign}, then heph daemon start`,
    );
  }
  const how = lastExit === null ? '' : ` (${lastExit.signal ?? `exit code ${lastExit.code}`})`;
  switch (activity.state) {
    case 'running':
      return (restarts ?? 0) > 0
        ? note(`pid ${activity.pid}, brought back ${restarts} times`, 'heph daemon logs')
        : good(`pid ${activity.pid}`);
    case 'respawning':
      return bad(`it keeps ending${how}`, 'heph daemon logs');
    case 'failed':
      return bad(`it failed${how}`, 'heph daemon logs, then heph daemon start');
    default:
      return bad('it is not running', 'heph daemon start');
  }
}

function socket({ probe, spec, places }: Checkup): Found {
  const { socket: path } = spec.paths;
  const { socket: stat } = places;
  if (stat !== null && stat.type !== 'socket') {
    return bad(`${path} is no socket`, `move it away: mv '${path}' '${path}.old'`);
  }
  if (stat !== null && stat.uid !== spec.uid) {
    return bad(`${path} belongs to user ${stat.uid}`, `have it removed: sudo rm '${path}'`);
  }
  switch (probe.kind) {
    case 'answers':
      return good(`hephd answers on ${path}`);
    case 'silent':
      return bad(`somebody listens on ${path} and says nothing`, 'heph daemon restart');
    case 'nobody':
      return stat === null
        ? bad(`nobody answers on ${path}`, 'heph daemon start')
        : bad(`${path} was left by a daemon that was killed`, 'heph daemon start');
  }
}

function version({ probe, spec }: Checkup): Found {
  if (probe.kind !== 'answers') return unknown('no daemon answers');
  if (probe.version === spec.version) return good(spec.version);
  return bad(`running ${probe.version}, installed ${spec.version}`, 'heph daemon restart');
}

function executable({ missing, spec }: Checkup): Found {
  if (missing.length > 0) {
    return bad(`${missing.join(', ')} has gone`, 'install heph again, then heph daemon restart');
  }
  const passing = spec.program.map((word) => passingPlace(word, spec.home)).find(Boolean);
  if (passing)
    return bad(`hephd lies in ${passing}, which is emptied sooner or later`, 'install heph');
  return good(spec.program.filter((word) => word.startsWith('/')).join(' '));
}

function settings({ settings: verdict, spec }: Checkup): Found {
  return said(verdict, `${spec.paths.config} can be used, or is not there`, 'heph config list');
}

function store({ store: verdict, spec }: Checkup): Found {
  const mend = `heph daemon stop, keep a copy of ${spec.paths.db}, then see the how-to on damage`;
  return said(verdict, `${spec.paths.db} is sound`, mend);
}

function said(verdict: Verdict, fine: string, mend: string): Found {
  if (verdict.kind === 'sound') return good(fine);
  return verdict.kind === 'broken' ? bad(verdict.why, mend) : unknown(verdict.why);
}

/** What may be open to whom; the folder keeps everyone else from all that is in it. */
function permissions({ places, spec }: Checkup): Found {
  const { paths, unitPath } = spec;
  const wanted: [string, PathStat | null, number][] = [
    [spec.home, places.home, 0o777],
    [paths.dataDir, places.dataDir, 0o700],
    [paths.db, places.db, 0o600],
    [paths.log, places.log, 0o600],
    [paths.config, places.config, 0o644],
    [unitPath, places.unit, 0o644],
  ];
  const found = wanted.flatMap(([path, stat, most]): Found => {
    if (stat === null || stat.type === 'link') return [];
    if (stat.uid !== spec.uid) {
      return bad(`${path} belongs to user ${stat.uid}`, `sudo chown ${spec.uid} '${path}'`);
    }
    if ((stat.mode & ~most) === 0) return [];
    const mode = most.toString(8).padStart(4, '0');
    return bad(`${path} is open to others`, `chmod ${mode} '${path}'`);
  });
  return found.length > 0 ? found : good('everything is your own, and closed to others');
}

function disk({ freeBytes, spec }: Checkup): Found {
  if (freeBytes === null) return unknown(`${spec.paths.dataDir} is not there yet`);
  const free = `${Math.floor(freeBytes / 1024 / 1024)} MiB free`;
  if (freeBytes >= LEAST_FREE_BYTES) return good(free);
  return bad(`${free} for ${spec.paths.dataDir}`, 'make room');
}

function linger({ linger: lingers }: Checkup): Found {
  if (lingers === true) return good('it runs on after your last logout');
  if (lingers === null) return unknown('whether it runs on after your last logout');
  return note('it ends with your last logout', 'to keep it: loginctl enable-linger');
}

function duplicate({ systemWide, spec }: Checkup): Found {
  if (systemWide === null) return good(`no other ${spec.name}`);
  return note(`the machine has a ${spec.name} of its own: ${systemWide}`, 'remove one of the two');
}

function variables({ variables: set }: Checkup): Found {
  if (set.length === 0) return good('none of heph points elsewhere');
  return note(
    `${set.join(', ')} point commands, not the service, elsewhere`,
    `unset ${set.join(' ')}`,
  );
}
