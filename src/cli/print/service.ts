import type { Context } from '#cli/command.ts';
import { printJson } from '#cli/print/output.ts';
import { painter } from '#cli/print/style.ts';
import { visible } from '#cli/print/visible.ts';
import type { Report } from '#service/reconcile.ts';
import type { Step, StepName } from '#service/service.ts';
import type { Status } from '#service/status.ts';

/** What was done, or was so already, and where things are. */
export function printReport(
  context: Context,
  report: Report,
  { isDryRun }: { isDryRun: boolean },
): void {
  const { verb, changed, status } = report;
  const steps = report.steps.map(({ do: name, target }) => ({ do: name, target }));
  if (context.isJson) {
    const dryRun = isDryRun ? { dry_run: true } : {};
    printJson(context, { verb, changed, ...dryRun, steps, left: report.left, status });
    return;
  }
  if (isDryRun) {
    const lines = steps.map(({ do: name, target }) => `would ${WORDS[name]} ${target}`);
    context.print(
      `${lines.length === 0 ? `nothing to do: ${alreadySo(report)}` : lines.join('\n')}\n`,
    );
    return;
  }
  for (const step of report.steps)
    if (isWorthTelling(step)) context.print(`${DONE[step.do]} ${step.target}\n`);
  context.print(`${changed ? outcome(report) : alreadySo(report)}\n`);
  for (const path of report.left) context.print(`left in place, as it is yours: ${path}\n`);
  printPlaces(context, status);
  if (verb === 'start' || verb === 'restart') printHints(context, status);
}

/** The five facts, then where things are, then what to do. */
export function printStatus(context: Context, status: Status): void {
  if (context.isJson) {
    printJson(context, status);
    return;
  }
  const paint = painter(context);
  const yes = (is: boolean) => (is ? paint('green', 'yes') : paint('red', 'no '));
  const since = status.uptime_s === null ? '' : `, for ${duration(status.uptime_s)}`;
  const pid = status.pid === null ? '' : `pid ${status.pid}${since}`;
  const { restarts: count } = status;
  const times = count === 1 ? 'once' : `${count} times`;
  const restarts = count === null || count === 0 ? '' : `, started again ${times}`;
  const facts: [string, boolean, string][] = [
    ['installed', status.installed, status.unit],
    ['enabled', status.enabled, status.enabled ? 'comes at every login' : 'does not come at login'],
    ['running', status.running, `${pid}${restarts}${lastExit(status)}`],
    [
      'healthy',
      status.healthy,
      status.healthy ? 'it answers on the socket' : 'nobody answers on the socket',
    ],
    ['current', status.current, versions(status)],
  ];
  for (const [name, is, more] of facts)
    context.print(`${`${name.padEnd(9)}  ${yes(is)}  ${more}`.trimEnd()}\n`);
  printPlaces(context, status);
  printUpdate(context, status);
  printHints(context, status);
}

/** Nothing, to whom nothing of it has ever happened. */
function printUpdate(context: Context, { update }: Status): void {
  const { policy, last_check: at, last_result: result, pending } = update;
  if (policy === 'off' && result === null) return;
  const going = pending === null ? '' : `, going over to ${pending}`;
  const checked = at === null ? '' : `, looked at ${at}`;
  context.print(`update  ${policy}${going}${checked}\n`);
  if (result !== null) context.print(`        ${visible(result)}\n`);
}

function printPlaces(context: Context, { socket, db, log }: Status): void {
  context.print(`socket  ${socket}\ndb      ${db}\nlog     ${log}\n`);
}

function printHints(context: Context, { hints }: Status): void {
  for (const hint of hints) context.print(`hint: ${hint}\n`);
}

function versions({ version: { running, installed } }: Status): string {
  if (running === null || running === installed) return installed;
  return `running ${running}, installed ${installed}`;
}

function lastExit({ last_exit: exit }: Status): string {
  if (exit === null) return '';
  return exit.signal === null
    ? `last ended with exit code ${exit.code}`
    : `last ended by ${exit.signal}`;
}

function outcome({ verb, status }: Report): string {
  switch (verb) {
    case 'start':
      return `hephd ${status.version.running ?? ''} is running, pid ${status.pid}`;
    case 'restart':
      return `hephd ${status.version.running ?? ''} is running anew, pid ${status.pid}`;
    case 'stop':
      return 'hephd is stopped; it comes back at the next login (heph daemon uninstall keeps it away)';
    case 'uninstall':
      return 'hephd is uninstalled; the store and its log are still there';
  }
}

function alreadySo({ verb, status }: Report): string {
  switch (verb) {
    case 'start':
    case 'restart':
      return `hephd ${status.version.running ?? ''} is already running, pid ${status.pid}`;
    case 'stop':
      return status.installed
        ? 'hephd is already stopped; it comes back at the next login'
        : 'hephd is not installed';
    case 'uninstall':
      return 'hephd is not installed; the store and its log are untouched';
  }
}

function duration(seconds: number): string {
  const units: [number, string][] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  const [size, unit] = units.find(([length]) => seconds >= length) ?? [1, 's'];
  return `${Math.floor(seconds / size)} ${unit}`;
}

/** Making a folder that is there, and asking whether it answers, is no news. */
function isWorthTelling(step: Step): boolean {
  return ['keep-copy', 'write-unit', 'remove-unit', 'enable', 'disable'].includes(step.do);
}

const WORDS: Record<StepName, string> = {
  'make-folder': 'make, unless it is there,',
  'keep-copy': 'keep a copy of it as',
  'write-unit': 'write',
  'remove-unit': 'remove',
  reload: 'have the manager reread',
  enable: 'enable at login',
  disable: 'disable at login',
  'reset-failures': 'forget the failures of',
  'announce-hand-over': 'have clients wait by',
  'withdraw-hand-over': 'have clients wait no more by removing',
  start: 'start',
  restart: 'restart',
  stop: 'stop',
  'await-answer': 'wait for an answer on',
  'await-gone': 'wait until nobody is left on',
};

const DONE: Record<string, string> = {
  'keep-copy': 'kept the older one as',
  'write-unit': 'wrote',
  'remove-unit': 'removed',
  enable: 'enabled at login:',
  disable: 'disabled at login:',
};
