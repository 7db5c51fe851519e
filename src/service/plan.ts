import { dirname } from '#service/text.ts';
import {
  ServiceError,
  type Observed,
  type ProbeAnswer,
  type ServiceSpec,
  type Step,
  type UnitFile,
} from '#service/service.ts';

export type Verb = 'start' | 'stop' | 'restart' | 'uninstall';

/** All that a plan is made from. */
export interface Situation {
  spec: ServiceSpec;
  /** The text the unit should have. */
  wanted: string;
  observed: Observed;
  probe: ProbeAnswer;
  /** It has failed for a reason that stays, and waits before it does so again. */
  isHeldBack: boolean;
}

/**
 * The whole policy, and nothing but: what to do so that the verb's end state
 * holds. An empty plan means that it holds already.
 * @throws {ServiceError} `refused`: what is there is not ours to change.
 */
export function plan(verb: Verb, situation: Situation): Step[] {
  const isStarting = verb === 'start' || verb === 'restart';
  if (isStarting || verb === 'uninstall') refuseForeignFile(situation);
  if (isStarting) refuseObstacle(verb, situation);
  if (isStarting) refuseForeignDaemon(situation);
  switch (verb) {
    case 'start':
      return planStart(situation);
    case 'restart':
      return planRestart(situation);
    case 'stop':
      return planStop(situation);
    case 'uninstall':
      return planUninstall(situation);
  }
}

/** Whether the manager has a process for it, or is about to. */
export function isActive({ activity }: Observed): boolean {
  return !['stopped', 'failed', 'idle'].includes(activity.state);
}

/** Whether there is anything to stop: a process, or a manager that may begin one. */
export function isHeld(observed: Observed): boolean {
  return isActive(observed) || observed.activity.state === 'idle';
}

/** Somebody else's daemon on our socket; null when there is none, or it is the manager's. */
export function foreignPid({
  observed,
  probe,
}: Pick<Situation, 'observed' | 'probe'>): number | null {
  if (probe.kind !== 'answers') return null;
  const { activity } = observed;
  // While the manager's own comes or goes, its pid may not be known yet.
  const isOurs = activity.state === 'running' ? activity.pid === probe.pid : isActive(observed);
  return isOurs ? null : probe.pid;
}

function planStart(situation: Situation): Step[] {
  const { spec, observed, probe } = situation;
  const target = spec.name;
  const { state } = observed.activity;
  if (state === 'running' || state === 'starting') {
    // It waits, and will not see that the reason is mended: the next one may.
    if (situation.isHeldBack && probe.kind !== 'answers') return planRestart(situation);
    // A process that serves is left alone, even where its unit is out of date.
    const repair = observed.file.kind === 'absent' ? writeUnit(situation) : [];
    const answer: Step[] = probe.kind === 'answers' ? [] : [awaitAnswer(spec, null)];
    return [...repair, ...enable(situation), ...answer];
  }
  return [
    ...writeUnit(situation),
    ...enable(situation),
    { do: 'reset-failures', target },
    { do: 'start', target },
    awaitAnswer(spec, null),
  ];
}

function planRestart(situation: Situation): Step[] {
  const { spec, observed, probe } = situation;
  const target = spec.name;
  if (!isActive(observed)) return planStart(situation);
  const { handOver } = spec.paths;
  const old = 'pid' in observed.activity ? observed.activity.pid : null;
  const written = writeUnit(situation);
  const isReplaced = probe.kind === 'answers' && probe.version !== spec.version;
  const isAnew = written.length > 0 || isReplaced;
  return [
    ...written,
    ...enable(situation),
    { do: 'reset-failures', target },
    { do: 'announce-hand-over', target: handOver },
    { do: 'restart', target, isAnew },
    awaitAnswer(spec, old),
    { do: 'withdraw-hand-over', target: handOver },
  ];
}

function planStop({ spec, observed }: Situation): Step[] {
  const target = spec.name;
  if (!isHeld(observed)) return [];
  return [
    { do: 'withdraw-hand-over', target: spec.paths.handOver },
    { do: 'stop', target },
    awaitGone(spec),
  ];
}

function planUninstall(situation: Situation): Step[] {
  const { spec, observed } = situation;
  const target = spec.name;
  const isThere = observed.file.kind !== 'absent';
  if (!isThere && !observed.loaded && !observed.enabled) return [];
  const stop = planStop(situation);
  return [
    // One that was killed has left its socket behind.
    ...(stop.length > 0 ? stop : [awaitGone(spec)]),
    { do: 'disable', target },
    ...(isThere ? [{ do: 'remove-unit', target: spec.unitPath } as const] : []),
    { do: 'reload', target },
    { do: 'reset-failures', target },
  ];
}

/** The unit as it should be, known to the manager as it is. */
function writeUnit({ spec, wanted, observed }: Situation): Step[] {
  const { file } = observed;
  const reload: Step = { do: 'reload', target: spec.name };
  if (file.kind === 'ours' && file.isCurrent) return observed.isStale ? [reload] : [];
  return [
    { do: 'make-folder', target: spec.paths.dataDir },
    { do: 'make-folder', target: dirname(spec.unitPath) },
    ...keepCopy(spec, file, wanted),
    { do: 'write-unit', target: spec.unitPath, text: wanted },
    reload,
  ];
}

/** An older heph's text, or one changed by hand: which of them cannot be told. */
function keepCopy({ unitPath }: ServiceSpec, file: UnitFile, wanted: string): Step[] {
  if (file.kind !== 'ours' || file.text === wanted) return [];
  return [{ do: 'keep-copy', target: copyPath(unitPath), text: file.text }];
}

/** Neither manager takes a file with this ending for a service. */
export function copyPath(unitPath: string): string {
  return `${unitPath}.bak`;
}

function enable({ spec, observed }: Situation): Step[] {
  return observed.enabled ? [] : [{ do: 'enable', target: spec.name }];
}

function awaitAnswer(spec: ServiceSpec, notPid: number | null): Step {
  return { do: 'await-answer', target: spec.paths.socket, notPid };
}

function awaitGone(spec: ServiceSpec): Step {
  return { do: 'await-gone', target: spec.paths.socket };
}

function refuseForeignFile({ spec, observed }: Situation): void {
  const { file } = observed;
  if (file.kind !== 'foreign') return;
  const message = `cannot manage ${spec.unitPath}: it is ${file.what}`;
  throw new ServiceError('refused', message, file.hint);
}

/** What runs is left running; what the manager would not start again is not ended for it. */
function refuseObstacle(verb: Verb, { spec, observed }: Situation): void {
  const { obstacle, activity } = observed;
  if (obstacle === null || (verb === 'start' && activity.state === 'running')) return;
  throw new ServiceError(
    obstacle.kind,
    `cannot ${verb} ${spec.name}: ${obstacle.why}`,
    obstacle.hint,
  );
}

function refuseForeignDaemon(situation: Situation): void {
  const pid = foreignPid(situation);
  if (pid === null) return;
  const message = `cannot start hephd: another one, pid ${pid}, which no service manager runs, answers on ${situation.spec.paths.socket}`;
  throw new ServiceError('refused', message, `stop that one first: kill ${pid}`);
}
