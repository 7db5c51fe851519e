import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { FileState } from './fake-systemd-install.ts';
import type { SubState } from './fake-systemd-jobs.ts';
import type { MainProcess, Service } from './fake-systemd-service.ts';
import type { Output } from './fake-systemd-settings.ts';
import { loadProblem, type LoadedUnit } from './fake-systemd-unit.ts';
import { exitNumbers } from './fake-systemd-verdict.ts';
import { formatDuration } from './fake-systemd-words.ts';

/** What is printed of a service beyond what it knows itself. */
export interface Facts {
  service: Service;
  fileState: FileState | '';
  needsReload: boolean;
}

/** How things look on this terminal and in this version. */
export interface Glyphs {
  arrow: string;
  dot(isFailed: boolean): string;
  corner: string;
}

const ACTIVE_STATES: Readonly<Record<SubState, string>> = {
  dead: 'inactive',
  start: 'activating',
  running: 'active',
  'stop-sigterm': 'deactivating',
  'stop-sigkill': 'deactivating',
  'final-sigterm': 'deactivating',
  failed: 'failed',
  'auto-restart': 'activating',
};
const LOAD_ERRORS: Readonly<Record<string, string>> = {
  'not-found': 'org.freedesktop.systemd1.NoSuchUnit',
  masked: 'org.freedesktop.systemd1.UnitMasked',
  'bad-setting': 'org.freedesktop.systemd1.BadUnitSetting',
};
const EXIT_NAMES: Readonly<Record<number, string>> = {
  0: 'SUCCESS',
  1: 'FAILURE',
  2: 'INVALIDARGUMENT',
  78: 'CONFIG',
  200: 'CHDIR',
  203: 'EXEC',
  209: 'STDOUT',
};

export function activeState({ state }: Service): string {
  return ACTIVE_STATES[state];
}

/**
 * What `show` prints. The order is the manager's own, whatever was asked for;
 * an empty property is left out unless it was named.
 * @param wanted names; none is all.
 */
export function showText(facts: Facts, wanted: readonly string[], valuesOnly: boolean): string {
  const lines = PROPERTIES.map(([name, of]) => [name, of(facts)] as const)
    // Without a command there is no such line at all.
    .filter(([name, value]) => name !== 'ExecStart' || value !== '')
    .filter(([name, value]) => (wanted.length === 0 ? value !== '' : wanted.includes(name)))
    .map(([name, value]) => (valuesOnly ? value : `${name}=${value}`));
  return lines.map((line) => `${line}\n`).join('');
}

type Property = readonly [string, (facts: Facts) => string];

const setting = (name: string, of: (unit: LoadedUnit) => string): Property => [
  name,
  ({ service }) => of(service.unit),
];
const state = (name: string, of: (service: Service) => string): Property => [
  name,
  ({ service }) => of(service),
];

const PROPERTIES: readonly Property[] = [
  setting('Type', (unit) => ofLoaded(unit, unit.settings.type)),
  setting('Restart', ({ settings }) => settings.restart),
  setting('RestartUSec', ({ settings }) => formatDuration(settings.restartUs)),
  setting('TimeoutStartUSec', ({ settings }) => formatDuration(settings.timeoutStartUs)),
  setting('TimeoutStopUSec', ({ settings }) => formatDuration(settings.timeoutStopUs)),
  setting('RestartPreventExitStatus', ({ settings }) => settings.preventsRestart.join(' ')),
  setting('SuccessExitStatus', ({ settings }) => settings.successCodes.join(' ')),
  state('MainPID', ({ mainPid }) => String(mainPid)),
  state('Result', ({ result }) => result),
  state('NRestarts', ({ restarts }) => String(restarts)),
  state('ExecMainStartTimestamp', ({ main }) => timestamp(main?.startedAtMs ?? null)),
  state('ExecMainExitTimestamp', ({ main }) => timestamp(main?.endedAtMs ?? null)),
  state('ExecMainPID', ({ main }) => String(main?.pid ?? 0)),
  state('ExecMainCode', ({ main }) => String(exitNumbers(main?.exit).code)),
  state('ExecMainStatus', ({ main }) => String(exitNumbers(main?.exit).status)),
  state('ExecStart', commandText),
  setting('Environment', ({ settings }) =>
    settings.environment.map(([name, value]) => quoted(`${name}=${value}`)).join(' '),
  ),
  setting('UnsetEnvironment', ({ settings }) => settings.unset.join(' ')),
  setting('UMask', ({ settings }) => settings.umask.toString(8).padStart(4, '0')),
  setting('WorkingDirectory', (unit) => {
    const { path, isOptional } = unit.settings.workingDirectory;
    return ofLoaded(unit, isOptional ? `!${path}` : path);
  }),
  setting(
    'StandardOutput',
    (unit) => ofLoaded(unit, outputName(unit.settings.stdout)) || 'inherit',
  ),
  setting('StandardError', ({ settings: { stderr } }) =>
    stderr === 'inherit' ? stderr : outputName(stderr),
  ),
  setting('KillMode', ({ settings }) => settings.killMode),
  state('Id', ({ name }) => name),
  state('Names', ({ name }) => name),
  setting('Description', ({ settings }) => settings.description),
  setting('LoadState', ({ loadState }) => loadState),
  state('ActiveState', activeState),
  state('SubState', (service) => service.state),
  setting('FragmentPath', ({ fragmentPath }) => fragmentPath),
  setting('DropInPaths', ({ dropIns }) => dropIns.join(' ')),
  ['UnitFileState', ({ fileState }) => fileState],
  ['UnitFilePreset', ({ fileState }) => (fileState === '' ? '' : 'enabled')],
  state('StateChangeTimestamp', ({ changedAtMs }) => timestamp(changedAtMs)),
  state('ActiveEnterTimestamp', ({ activeSinceMs }) => timestamp(activeSinceMs)),
  state('ActiveEnterTimestampMonotonic', ({ activeSinceMs }) => monotonic(activeSinceMs)),
  ['NeedDaemonReload', ({ needsReload }) => (needsReload ? 'yes' : 'no')],
  setting('LoadError', (unit) =>
    unit.loadState === 'loaded' ? '' : `${LOAD_ERRORS[unit.loadState]} "${loadProblem(unit)}"`,
  ),
  setting('StartLimitIntervalUSec', ({ settings }) =>
    formatDuration(settings.startLimitIntervalUs),
  ),
  setting('StartLimitBurst', ({ settings }) => String(settings.startLimitBurst)),
  state('InvocationID', ({ invocationId }) => invocationId),
];

/** What a unit has only once its text was read and understood. */
function ofLoaded(unit: LoadedUnit, value: string): string {
  return unit.loadState === 'loaded' ? value : '';
}

/** What `status` prints; a person reads it, so only its first lines are like the real one's. */
export function statusText(facts: Facts, glyphs: Glyphs): string {
  const { service, fileState } = facts;
  const { unit } = service;
  const isLoaded = unit.loadState === 'loaded';
  const isTitled = unit.settings.description !== service.name;
  const loaded = isLoaded
    ? `loaded (${unit.fragmentPath}; ${fileState}; preset: enabled)`
    : `${unit.loadState} (Reason: ${loadProblem(unit)})`;
  const lines = [
    `${glyphs.dot(service.state === 'failed')} ${service.name}${isTitled ? ` - ${unit.settings.description}` : ''}`,
    `     Loaded: ${loaded}`,
    ...dropInLines(unit, glyphs),
    `     Active: ${activeText(service)}`,
    ...processLines(service),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** What `cat` prints of a unit that is there. */
export function catText(unit: LoadedUnit): string {
  if (unit.loadState === 'masked') return `# Unit ${unit.name} is masked.\n`;
  const texts = [unit.fragmentPath, ...unit.dropIns].map(
    (path) => `# ${path}\n${readFileSync(path, 'utf8')}`,
  );
  return texts.join('\n');
}

function dropInLines({ dropIns }: LoadedUnit, { corner }: Glyphs): string[] {
  const [first] = dropIns;
  if (first === undefined) return [];
  const names = dropIns.map((path) => basename(path)).join(', ');
  return [`    Drop-In: ${dirname(first)}`, `             ${corner}${names}`];
}

function activeText(service: Service): string {
  const { state: sub, result, changedAtMs } = service;
  const detail = sub === 'failed' ? [] : [`(${sub})`];
  if (result !== 'success') detail.push(`(Result: ${result})`);
  const since = changedAtMs === null ? '' : ` since ${timestamp(changedAtMs)}; 1s ago`;
  return `${activeState(service)} ${detail.join(' ')}${since}`;
}

function processLines({ main }: Service): string[] {
  if (main === null) return [];
  const what = main.exit === null ? basename(main.program) : endText(main);
  return [`   Main PID: ${main.pid} (${what})`];
}

function endText({ exit }: MainProcess): string {
  const { code, status } = exitNumbers(exit);
  if (code === 1) {
    const name = EXIT_NAMES[status];
    return `code=exited, status=${status}${name === undefined ? '' : `/${name}`}`;
  }
  return `code=killed, signal=${exit?.signal?.slice('SIG'.length)}`;
}

function commandText({ unit, lastRun: main }: Service): string {
  const { command } = unit.settings;
  if (command === null) return '';
  const { code, status } = exitNumbers(main?.exit);
  const ended = ['(null)', 'exited', 'killed'][code];
  const signal = main?.exit?.signal?.slice('SIG'.length);
  const end = code === 1 ? String(status) : `${status}/${signal ?? '0'}`;
  const fields = [
    `path=${command.path}`,
    `argv[]=${command.argv.join(' ')}`,
    `ignore_errors=${command.ignoresErrors ? 'yes' : 'no'}`,
    `start_time=[${timestamp(main?.startedAtMs ?? null) || 'n/a'}]`,
    `stop_time=[${timestamp(main?.endedAtMs ?? null) || 'n/a'}]`,
    `pid=${main?.pid ?? 0}`,
    `code=${ended}`,
    `status=${end}`,
  ];
  return `{ ${fields.join(' ; ')} }`;
}

function outputName(output: Output): string {
  return 'append' in output ? 'append' : output.other;
}

/** As in `Environment=`: quoted where a shell would need it. */
function quoted(text: string): string {
  return /[\s"'\\$`]/.test(text) ? `"${text.replaceAll(/["\\$`]/g, String.raw`\$&`)}"` : text;
}

/** `Sun 2026-11-22 23:30:08 UTC`; nothing for null. */
function timestamp(ms: number | null): string {
  if (ms === null) return '';
  const date = new Date(ms);
  const day = date.toUTCString().slice(0, 3);
  return `${day} ${date.toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}

/** Microseconds on the clock that only goes forward; it began when the machine did. */
function monotonic(ms: number | null): string {
  if (ms === null) return '0';
  const ageUs = (Date.now() - ms) * 1000;
  return String(Math.round(Number(process.hrtime.bigint() / 1000n) - ageUs));
}
