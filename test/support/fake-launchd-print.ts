import { constants } from 'node:os';
import type { Exit } from './fake-process.ts';
import type { Job } from './fake-launchd-job.ts';

/** The variables that every job gets, as `print` calls them. */
export const DEFAULT_PATH = '/usr/bin:/bin:/usr/sbin:/sbin';
const EXIT_NAMES: Readonly<Record<number, string>> = {
  64: 'EX_USAGE',
  69: 'EX_UNAVAILABLE',
  70: 'EX_SOFTWARE',
  71: 'EX_OSERR',
  73: 'EX_CANTCREAT',
  74: 'EX_IOERR',
  75: 'EX_TEMPFAIL',
  77: 'EX_NOPERM',
  78: 'EX_CONFIG',
};
const SIGNAL_NAMES: Readonly<Record<string, string>> = {
  SIGHUP: 'Hangup: 1',
  SIGINT: 'Interrupt: 2',
  SIGABRT: 'Abort trap: 6',
  SIGKILL: 'Killed: 9',
  SIGSEGV: 'Segmentation fault: 11',
  SIGTERM: 'Terminated: 15',
};

/**
 * What `print` shows of a job. Blocks inside have fields of the same names,
 * `state` above all: only those one tab deep are the job's own.
 */
export function jobText(domain: string, job: Job, throttleSeconds: number): string {
  const { agent } = job;
  const lines = [
    `active count = ${job.pid === null ? 0 : 1}`,
    `path = ${agent.path}`,
    'type = LaunchAgent',
    `state = ${job.state}`,
    '',
    `program = ${agent.program}`,
    ...block('arguments', agent.arguments),
    '',
    ...optional('working directory', agent.workingDirectory),
    ...optional('stdout path', agent.stdout),
    ...optional('stderr path', agent.stderr),
    ...block('inherited environment', [
      'SSH_AUTH_SOCK => /private/tmp/com.apple.launchd/Listeners',
    ]),
    '',
    ...block('default environment', [`PATH => ${DEFAULT_PATH}`]),
    '',
    ...block('environment', environmentLines(job)),
    '',
    `domain = ${domain} [100015]`,
    'asid = 100015',
    `minimum runtime = ${throttleSeconds}`,
    `exit timeout = ${agent.exitTimeOut}`,
    `runs = ${job.runs}`,
    ...optional('pid', job.pid === null ? null : String(job.pid)),
    'immediate reason = speculative',
    'forks = 0',
    'execs = 1',
    'initialized = 1',
    endLine(job.lastExit),
    '',
    ...block('resource coalition', [
      'ID = 1234',
      'type = resource',
      'state = active',
      'active count = 1',
    ]),
    '',
    ...block('jetsam coalition', [
      'ID = 1235',
      'type = jetsam',
      'state = active',
      'active count = 1',
    ]),
    '',
    'spawn type = daemon (3)',
    'jetsam priority = 40',
    `properties = ${propertiesOf(job)}`,
  ];
  const body = lines.map((line) => (line === '' ? '' : `\t${line}`));
  return [`${domain}/${agent.label} = {`, ...body, '}', ''].join('\n');
}

/** What `print` shows of a whole domain: no more than proves that it is there. */
export function domainText(domain: string, jobs: readonly Job[]): string {
  const services = jobs.map((job) => `\t\t${job.pid ?? 0}\t-\t${job.agent.label}`);
  const lines = [`${domain} = {`, '\ttype = login', '\tservices = {', ...services, '\t}', '}', ''];
  return lines.join('\n');
}

export function overridesText(
  overrides: Readonly<Record<string, boolean>>,
  isOld: boolean,
): string {
  const words = isOld ? ['false', 'true'] : ['enabled', 'disabled'];
  const lines = Object.entries(overrides).map(
    ([label, isDisabled]) => `\t\t"${label}" => ${words[Number(isDisabled)]}`,
  );
  return ['disabled services = {', ...lines, '}', ''].join('\n');
}

/** What the old `list LABEL` shows. */
export function listText(job: Job): string {
  const { agent, pid } = job;
  const lines = [
    ...(agent.stdout === null ? [] : [`"StandardOutPath" = "${agent.stdout}";`]),
    '"LimitLoadToSessionType" = "Aqua";',
    `"Label" = "${agent.label}";`,
    '"OnDemand" = false;',
    `"LastExitStatus" = ${waitStatus(job.lastExit)};`,
    ...(pid === null ? [] : [`"PID" = ${pid};`]),
    `"Program" = "${agent.program}";`,
  ];
  return ['{', ...lines.map((line) => `\t${line}`), '};', ''].join('\n');
}

/** One line of the old `list`. */
export function listLine(job: Job): string {
  const { signal, code } = job.lastExit ?? { signal: null, code: 0 };
  const status = signal === null ? (code ?? 0) : -constants.signals[signal];
  return `${job.pid ?? '-'}\t${status}\t${job.agent.label}\n`;
}

function block(name: string, lines: readonly string[]): string[] {
  return [`${name} = {`, ...lines.map((line) => `\t${line}`), '}'];
}

function optional(name: string, value: string | null): string[] {
  return value === null ? [] : [`${name} = ${value}`];
}

function environmentLines({ agent }: Job): string[] {
  const own = Object.entries(agent.environment).map(([name, value]) => `${name} => ${value}`);
  return [...own, `XPC_SERVICE_NAME => ${agent.label}`];
}

function endLine(exit: Exit | null): string {
  if (exit === null) return 'last exit code = (never exited)';
  if (exit.signal !== null) {
    return `last terminating signal = ${SIGNAL_NAMES[exit.signal] ?? `Signal: ${constants.signals[exit.signal]}`}`;
  }
  const name = EXIT_NAMES[exit.code ?? 0];
  return `last exit code = ${exit.code}${name === undefined ? '' : `: ${name}`}`;
}

function propertiesOf({ agent }: Job): string {
  const words = ['inferred program'];
  if (agent.keepAlive.kind !== 'never') words.unshift('keepalive');
  if (agent.runsAtLoad) words.unshift('runatload');
  return words.join(' | ');
}

function waitStatus(exit: Exit | null): number {
  if (exit === null) return 0;
  return exit.signal === null ? (exit.code ?? 0) << 8 : constants.signals[exit.signal];
}
