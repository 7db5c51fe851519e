import { dirname } from '#service/text.ts';
import {
  ServiceError,
  type Observed,
  type ProbeAnswer,
  type ServiceSpec,
  type Step,
} from '#service/service.ts';

export type Verb = 'start' | 'stop' | 'restart' | 'uninstall';

/** All that a plan is made from. */
export interface Situation {
  spec: ServiceSpec;
  /** The text the unit should have. */
  wanted: string;
  observed: Observed;
  probe: ProbeAnswer;
}

/**
 * The whole policy, and nothing but: what to do so that the verb's end state
 * holds. An empty plan means that it holds already.
 * @throws {ServiceError} `refused`: what is there is not ours to change.
 */
export function plan(verb: Verb, situation: Situation): Step[] {
  const isStarting = verb === 'start' || verb === 'restart';
  if (isStarting || verb === 'uninstall') refuseForeignFile(situation);
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
  return !['stopped', 'failed'].includes(activity.state);
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
  const { spec, observed } = situation;
  const target = spec.name;
  if (!isActive(observed)) return planStart(situation);
  const { handOver } = spec.paths;
  const old = 'pid' in observed.activity ? observed.activity.pid : null;
  return [
    ...writeUnit(situation),
    ...enable(situation),
    { do: 'reset-failures', target },
    { do: 'announce-hand-over', target: handOver },
    { do: 'restart', target },
    awaitAnswer(spec, old),
    { do: 'withdraw-hand-over', target: handOver },
  ];
}

function planStop({ spec, observed }: Situation): Step[] {
  const target = spec.name;
  if (!isActive(observed)) return [];
  return [
    { do: 'withdraw-hand-over', target: spec.paths.handOver },
    { do: 'stop', target },
    { do: 'await-gone', target: spec.paths.socket },
  ];
}

function planUninstall(situation: Situation): Step[] {
  const { spec, observed } = situation;
  const target = spec.name;
  const isThere = observed.file.kind !== 'absent';
  if (!isThere && !observed.loaded && !observed.enabled) return [];
  return [
    ...planStop(situation),
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
    { do: 'write-unit', target: spec.unitPath, text: wanted },
    reload,
  ];
}

function enable({ spec, observed }: Situation): Step[] {
  return observed.enabled ? [] : [{ do: 'enable', target: spec.name }];
}

function awaitAnswer(spec: ServiceSpec, notPid: number | null): Step {
  return { do: 'await-answer', target: spec.paths.socket, notPid };
}

function refuseForeignFile({ spec, observed }: Situation): void {
  const { file, refusal } = observed;
  if (file.kind === 'foreign') {
    const message = `cannot manage ${spec.unitPath}: it is ${file.what}`;
    throw new ServiceError('refused', message, 'move it away, then try again; nothing was changed');
  }
  if (refusal !== null && file.kind === 'absent') {
    throw new ServiceError(
      'refused',
      `cannot manage heph.service: ${refusal}`,
      'see: systemctl --user status heph.service',
    );
  }
}

function refuseForeignDaemon(situation: Situation): void {
  const pid = foreignPid(situation);
  if (pid === null) return;
  const message = `cannot start hephd: another one, pid ${pid}, which no service manager runs, answers on ${situation.spec.paths.socket}`;
  throw new ServiceError('refused', message, `stop that one first: kill ${pid}`);
}
