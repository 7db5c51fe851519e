import { constants } from 'node:os';
import { refusal, success, type Answer } from './fake-program.ts';
import { readAgent, type Agent } from './fake-launchd-agent.ts';
import type { Job } from './fake-launchd-job.ts';
import type { LaunchdKnobs } from './fake-launchd-knobs.ts';
import { domainText, jobText, listLine, listText, overridesText } from './fake-launchd-print.ts';
import { badTarget, problem, usage, type DomainKind, type Target } from './fake-launchd-target.ts';

/** What the verbs need of launchd. */
export interface Domains {
  knobs: LaunchdKnobs;
  uid: number;
  hasScreen(): boolean;
  /** Also one that is on its way out. */
  job(kind: DomainKind, label: string): Job | undefined;
  jobs(kind: DomainKind): Job[];
  isDisabled(agent: Agent): boolean;
  throttleMs(agent: Agent): number;
  add(kind: DomainKind, agent: Agent): void;
  /** Resolves when the job is gone. */
  remove(kind: DomainKind, job: Job): Promise<void>;
}

/** One call, options and words apart. */
export interface LegacyRequest {
  domains: Domains;
  verb: string;
  flags: readonly string[];
  words: readonly string[];
}

interface Request extends LegacyRequest {
  target: Target;
}

interface Verb {
  /** Which word names the domain or the service. */
  targetAt: number;
  run(request: Request): Answer | Promise<Answer>;
}

/** The verbs that name a domain; it is there when they are called. */
export const VERBS: Readonly<Record<string, Verb>> = {
  bootstrap: { targetAt: 0, run: bootstrap },
  bootout: { targetAt: 0, run: bootout },
  kickstart: { targetAt: 0, run: kickstart },
  kill: { targetAt: 1, run: kill },
  print: { targetAt: 0, run: print },
  'print-disabled': {
    targetAt: 0,
    run: ({ domains: { knobs } }) => success(overridesText(knobs.disabled, knobs.osMajor < 13)),
  },
  enable: { targetAt: 0, run: (request) => override(request, false) },
  disable: { targetAt: 0, run: (request) => override(request, true) },
};

/** The verbs of old, which guess the domain, and those that need none. */
export const LEGACY_VERBS: Readonly<
  Record<string, (request: LegacyRequest) => Answer | Promise<Answer>>
> = {
  managername: ({ domains }) => success(domains.hasScreen() ? 'Aqua\n' : 'Background\n'),
  manageruid: ({ domains }) => success(`${domains.uid}\n`),
  list,
  load,
  unload,
};

function bootstrap({ domains, verb, flags, words, target }: Request): Answer {
  if (flags.length > 0 || words.length !== 2) {
    return usage(verb, '<domain-target> [service-path, service-path2, ...]');
  }
  if (target.label !== null) return badTarget();
  const agent = readAgent(words[1] ?? '', domains.uid);
  if (typeof agent === 'number') return problem(verb, agent, target);
  const there = domains.job(target.kind, agent.label);
  if (there) return problem(verb, there.isLeaving ? 5 : domains.knobs.loadedCode, target);
  if (domains.isDisabled(agent)) return problem(verb, 119, target);
  domains.add(target.kind, agent);
  return success();
}

async function bootout({ domains, verb, flags, words, target }: Request): Promise<Answer> {
  const { knobs } = domains;
  const waits = flags.includes('--wait') && knobs.osMajor >= 26;
  if (flags.length > (waits ? 1 : 0)) return usage(verb, '<service-target> or <domain-target> ...');
  const label = target.label ?? labelIn(words[1], domains.uid);
  if (label === null) return problem(verb, 5, target);
  const job = domains.job(target.kind, label);
  if (!job) return problem(verb, 3, target);
  if (job.isLeaving) return problem(verb, 36, target);
  const gone = domains.remove(target.kind, job);
  if (waits) await gone;
  return knobs.bootout36 || knobs.osMajor < 12 ? problem(verb, 36, target) : success();
}

async function kickstart({ domains, verb, flags, target }: Request): Promise<Answer> {
  const letters = flags.join('').replaceAll('-', '');
  if (!/^[kps]*$/.test(letters)) return usage(verb, '[-k] [-p] [-s] <service-target>');
  const job = loaded(domains, target);
  if (!job) return problem(verb, 113, target);
  if (domains.knobs.kickstart37) return problem(verb, 37, target);
  if (job.pid !== null && !letters.includes('k')) return refusal(37, '');
  await job.restart();
  return success(letters.includes('p') ? `${job.pid}\n` : '');
}

function kill({ domains, verb, words, target }: Request): Answer {
  const name = signalNamed(words[0] ?? '');
  if (name === null) return usage(verb, '<signal-number|signal-name> <service-target>');
  const job = loaded(domains, target);
  if (!job) return problem(verb, 113, target);
  return job.signal(name) ? success() : refusal(3, 'No process to signal.');
}

function print({ domains, verb, target }: Request): Answer {
  if (target.label === null) return success(domainText(target.domain, domains.jobs(target.kind)));
  const job = domains.job(target.kind, target.label);
  if (!job) return problem(verb, 113, target);
  return success(jobText(target.domain, job, job.agent.throttleInterval));
}

/** Overrides are there for any label, whether or not anything is installed. */
function override({ domains, target }: Request, isDisabled: boolean): Answer {
  if (target.label === null) return badTarget();
  domains.knobs.disabled[target.label] = isDisabled;
  return success();
}

function list({ domains, words }: LegacyRequest): Answer {
  const kind: DomainKind = domains.hasScreen() ? 'gui' : 'user';
  const [label] = words;
  if (label === undefined) {
    return success(`PID\tStatus\tLabel\n${domains.jobs(kind).map(listLine).join('')}`);
  }
  const job = domains.job(kind, label);
  if (job) return success(listText(job));
  return refusal(113, `Could not find service "${label}" in domain for port`);
}

/** Succeeds by its exit code whatever happens, as it is said to. */
function load({ domains, flags, words }: LegacyRequest): Answer {
  const [path = ''] = words;
  const kind: DomainKind = domains.hasScreen() ? 'gui' : 'user';
  const agent = readAgent(path, domains.uid);
  if (typeof agent === 'number') return refusal(0, `Load failed: ${agent}: ${loadWord(agent)}`);
  if (flags.includes('-w')) domains.knobs.disabled[agent.label] = false;
  if (domains.job(kind, agent.label)) {
    const isOld = domains.knobs.osMajor < 11;
    return refusal(
      0,
      isOld ? `${path}: service already loaded` : 'Load failed: 5: Input/output error',
    );
  }
  if (domains.isDisabled(agent)) return refusal(0, `${path}: Service is disabled`);
  domains.add(kind, agent);
  return success();
}

function unload({ domains, flags, words }: LegacyRequest): Answer {
  const [path = ''] = words;
  const kind: DomainKind = domains.hasScreen() ? 'gui' : 'user';
  const label = labelIn(path, domains.uid);
  if (label !== null && flags.includes('-w')) domains.knobs.disabled[label] = true;
  const job = label === null ? undefined : domains.job(kind, label);
  if (!job || job.isLeaving) return refusal(0, 'Unload failed: 5: Input/output error');
  void domains.remove(kind, job);
  return success();
}

function loadWord(code: 5 | 122): string {
  return code === 5 ? 'Input/output error' : 'Path had bad ownership/permissions';
}

/** Not one that is on its way out. */
function loaded(domains: Domains, { kind, label }: Target): Job | null {
  const job = label === null ? undefined : domains.job(kind, label);
  return job && !job.isLeaving ? job : null;
}

function labelIn(path: string | undefined, uid: number): string | null {
  const agent = path === undefined ? 5 : readAgent(path, uid);
  return typeof agent === 'number' ? null : agent.label;
}

function signalNamed(word: string): NodeJS.Signals | null {
  const name = `SIG${word.replace(/^SIG/, '')}`;
  const known = Object.entries(constants.signals) as [NodeJS.Signals, number][];
  return known.find(([signal, number]) => signal === name || String(number) === word)?.[0] ?? null;
}
