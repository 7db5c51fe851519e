import type { Sighting } from '#service/look.ts';
import { foreignPid, isActive } from '#service/plan.ts';
import type { ServicePorts, ServiceSpec } from '#service/service.ts';

/** What hints are made from. */
export interface Circumstances {
  sighting: Sighting;
  spec: ServiceSpec;
  /** The daemon's own file. */
  executable: string;
  /** What the running one says of itself. */
  version: string | null;
  linger: boolean | null;
}

/** What is not as it should be, a line each, with the command that mends it. */
export async function hintsOf(
  circumstances: Circumstances,
  ports: ServicePorts,
): Promise<string[]> {
  const { spec, executable } = circumstances;
  const isExecutableThere = (await ports.files.resolve(executable)) !== null;
  const [lastLine] = await ports.files.tail(spec.paths.log, 1);
  return [
    ...aboutTheFile(circumstances, isExecutableThere),
    ...aboutTheProcess(circumstances, lastLine),
    ...aboutWhatIsYours(circumstances),
  ]
    .filter(([holds]) => holds)
    .map(([, text]) => text);
}

type Hint = [holds: boolean, text: string];

function aboutTheFile(
  { sighting, spec, executable }: Circumstances,
  isExecutableThere: boolean,
): Hint[] {
  const { observed, probe } = sighting;
  const { file, activity, obstacle, complaint, isStale, overriddenBy, source } = observed;
  const installed = file.kind === 'ours';
  const isForeign = file.kind === 'foreign';
  const isElsewhere = installed && source !== null && source !== spec.unitPath;
  return [
    [isForeign, isForeign ? `${spec.unitPath} is ${file.what}: ${file.hint}` : ''],
    [obstacle !== null, obstacle === null ? '' : `${obstacle.why}: ${obstacle.hint}`],
    [complaint !== null, `${complaint}: heph daemon restart`],
    [isElsewhere, `the service manager reads ${source} in place of ${spec.unitPath}`],
    [
      file.kind === 'absent' && isActive(observed),
      'its unit has gone, and it will not come back at the next login: heph daemon start',
    ],
    [
      installed && !isExecutableThere,
      `${executable} has gone, and the next start will fail: heph daemon restart`,
    ],
    [
      installed && (!file.isCurrent || isStale),
      'its unit is not what this heph would write: heph daemon restart',
    ],
    [overriddenBy !== null, `a drop-in has it run ${overriddenBy}, which heph did not write`],
    [
      installed && !observed.enabled && complaint === null,
      'it does not come at login: heph daemon start',
    ],
    [
      file.kind === 'absent' && activity.state === 'stopped' && probe.kind === 'nobody',
      'install and start it with: heph daemon start',
    ],
  ];
}

function aboutTheProcess(
  { sighting, spec, version }: Circumstances,
  lastLine: string | undefined,
): Hint[] {
  const { activity, file, lastExit } = sighting.observed;
  const { isHeldBack } = sighting;
  const foreign = foreignPid(sighting);
  const how = lastExit === null ? '' : ` (${lastExit.signal ?? `exit code ${lastExit.code}`})`;
  const why = lastLine === undefined ? '' : `: ${lastLine}`;
  const isSilent = activity.state === 'running' && sighting.probe.kind !== 'answers';
  const seeLog = `${why}; see heph daemon logs`;
  return [
    [
      foreign !== null,
      `another hephd, pid ${foreign}, answers on the socket: kill ${foreign}, then heph daemon start`,
    ],
    [
      version !== null && version !== spec.version,
      `running ${version}, installed ${spec.version}: heph daemon restart`,
    ],
    [isSilent && isHeldBack, `it waits before it fails again${seeLog}, then heph daemon start`],
    [isSilent && !isHeldBack, 'it runs but does not answer: heph daemon restart'],
    [
      activity.state === 'respawning',
      `it keeps ending${how}, and the manager keeps starting it${seeLog}`,
    ],
    [
      activity.state === 'failed',
      `it failed${how}, and the manager has given up${seeLog}, then heph daemon start`,
    ],
    [activity.state === 'idle', `the manager has it, and does not run it${how}: heph daemon start`],
    [
      file.kind === 'ours' && activity.state === 'stopped' && foreign === null,
      'it comes back at the next login, or now with: heph daemon start',
    ],
  ];
}

function aboutWhatIsYours({ sighting, linger }: Circumstances): Hint[] {
  const { dropIns, file } = sighting.observed;
  return [
    [dropIns.length > 0, `these files change it, and are yours: ${dropIns.join(', ')}`],
    [
      file.kind === 'ours' && linger === false,
      'it ends when you log out for the last time; to keep it: loginctl enable-linger',
    ],
  ];
}
