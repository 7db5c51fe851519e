import { constants } from 'node:os';
import type { ParsedArgs } from './fake-argv.ts';
import { refusal, success, together, type Answer } from './fake-program.ts';
import { activeState, catText, showText, statusText, type Facts } from './fake-systemd-print.ts';
import type { Manager, Request, Verb } from './fake-systemd-request.ts';
import { runJob, staleWarning } from './fake-systemd-run-job.ts';
import { hasChanged } from './fake-systemd-unit.ts';

/** The verbs that only a manager can do. */
export const MANAGER_VERBS: Readonly<Record<string, Verb>> = {
  show,
  'is-active': ({ manager, units, args }) =>
    checkStates(manager, units, args, { good: ['active', 'reloading'], code: 3 }),
  'is-failed': ({ manager, units, args }) =>
    checkStates(manager, units, args, { good: ['failed'], code: 1 }),
  'is-system-running': systemState,
  status: each(status),
  cat: each(cat),
  start: each((request, name) => runJob(request, name, 'start')),
  stop: each((request, name) => runJob(request, name, 'stop')),
  restart: each((request, name) => runJob(request, name, 'restart')),
  'try-restart': each((request, name) => runJob(request, name, 'try-restart')),
  kill: each(kill),
  'reset-failed': resetFailed,
  'daemon-reload': ({ manager }) => {
    manager.reload();
    return success();
  },
  'show-environment': ({ manager }) =>
    success(
      Object.entries(manager.environment())
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    ),
};

function each(one: (request: Request, name: string) => Answer | Promise<Answer>): Verb {
  return async (request) => {
    if (request.units.length === 0) return refusal(1, 'Too few arguments.');
    return together(await Promise.all(request.units.map(async (name) => one(request, name))));
  };
}

function show({ manager, units, args }: Request): Answer {
  const wanted = args.all('property').flatMap((names) => names.split(','));
  const valuesOnly = args.has('value');
  if (units.length === 0) {
    const version = `${manager.version}.1`;
    const isWanted = wanted.length === 0 || wanted.includes('Version');
    return success(isWanted ? `${valuesOnly ? '' : 'Version='}${version}\n` : '');
  }
  const texts = units.map((name) => showText(factsOf(manager, name), wanted, valuesOnly));
  return success(texts.join('\n'));
}

function factsOf(manager: Manager, name: string): Facts {
  const service = manager.service(name);
  const needsReload = hasChanged(manager.place, service.unit);
  return { service, fileState: manager.fileState(service), needsReload };
}

function checkStates(
  manager: Manager,
  units: readonly string[],
  args: ParsedArgs,
  expected: { good: readonly string[]; code: number },
): Answer {
  if (units.length === 0) return refusal(1, 'Too few arguments.');
  const services = units.map((name) => manager.service(name));
  const states = services.map(activeState);
  const isGood = states.some((state) => expected.good.includes(state));
  const isUnknown = services.every(({ unit }) => unit.loadState === 'not-found');
  const code = isUnknown && manager.version >= 253 ? 4 : expected.code;
  const stdout = args.has('quiet') ? '' : states.map((state) => `${state}\n`).join('');
  return { code: isGood ? 0 : code, stdout, stderr: '' };
}

function systemState({ manager }: Request): Answer {
  const hasFailures = manager.knownServices().some(({ state }) => state === 'failed');
  return hasFailures ? { code: 1, stdout: 'degraded\n', stderr: '' } : success('running\n');
}

function status({ manager, glyphs }: Request, name: string): Answer {
  const facts = factsOf(manager, name);
  const { unit, isIdle } = facts.service;
  if (unit.loadState === 'not-found' && isIdle) {
    return refusal(4, `Unit ${name} could not be found.`);
  }
  const code = activeState(facts.service) === 'active' ? 0 : 3;
  return { code, stdout: statusText(facts, glyphs), stderr: staleWarning(manager, facts.service) };
}

function cat({ manager }: Request, name: string): Answer {
  const { unit } = manager.service(name);
  if (unit.fragmentPath === '') return refusal(1, `No files found for ${name}.`);
  const isStale = hasChanged(manager.place, unit);
  return { ...success(catText(unit)), stderr: isStale ? outdatedText(name) : '' };
}

function outdatedText(name: string): string {
  return `# Warning: ${name} changed on disk, the version systemd has loaded is outdated.
# This output shows the current version of the unit's original fragment and drop-in files.
# If fragments or drop-ins were added or removed, they are not properly reflected in this output.
# Run 'systemctl --user daemon-reload' to reload units.
`;
}

function kill({ manager, args }: Request, name: string): Answer {
  const word = args.last('signal') ?? 'TERM';
  const signal = signalNamed(word);
  if (signal === null) return refusal(1, `Failed to parse signal string "${word}".`);
  const service = manager.known(name);
  if (!service) return refusal(1, `Failed to kill unit ${name}: Unit ${name} not loaded.`);
  service.signal(signal, args.last('kill-whom') === 'main' ? 'main' : 'all');
  return success();
}

function signalNamed(word: string): NodeJS.Signals | null {
  const name = `SIG${word.replace(/^SIG/, '')}`;
  const known = Object.entries(constants.signals) as [NodeJS.Signals, number][];
  return known.find(([signal, number]) => signal === name || String(number) === word)?.[0] ?? null;
}

function resetFailed({ manager, units }: Request): Answer {
  if (units.length === 0) {
    for (const service of manager.knownServices()) service.resetFailed();
    return success();
  }
  return together(
    units.map((name) => {
      const service = manager.known(name);
      service?.resetFailed();
      const text = `Failed to reset failed state of unit ${name}: Unit ${name} not loaded.`;
      return service ? success() : refusal(1, text);
    }),
  );
}
