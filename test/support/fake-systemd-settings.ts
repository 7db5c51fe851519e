import { constants } from 'node:os';
import { parseCommands, type Command } from './fake-systemd-command.ts';
import {
  expandSpecifiers,
  parseDuration,
  splitWords,
  type Specifiers,
} from './fake-systemd-words.ts';

type ServiceType = 'simple' | 'exec' | 'notify';
type Restart = 'no' | 'always' | 'on-failure' | 'on-success' | 'on-abnormal' | 'on-abort';
type KillMode = 'control-group' | 'mixed' | 'process' | 'none';

/** What a unit's text says, as far as this fake understands it. */
export interface Settings {
  description: string;
  type: ServiceType;
  command: Command | null;
  restart: Restart;
  restartUs: number;
  timeoutStartUs: number;
  timeoutStopUs: number;
  /** Exit codes, and signals without `SIG`. */
  preventsRestart: readonly string[];
  successCodes: readonly string[];
  environment: readonly (readonly [string, string])[];
  unset: readonly string[];
  umask: number;
  workingDirectory: { path: string; isOptional: boolean };
  stdout: Output;
  stderr: Output | 'inherit';
  killMode: KillMode;
  startLimitIntervalUs: number;
  startLimitBurst: number;
}

/** Where a stream goes: a file that is appended to, or nowhere that matters. */
export type Output = { append: string } | { other: string };

export interface ParsedUnit {
  settings: Settings;
  /** The manager would refuse to load it. */
  isBad: boolean;
  wantedBy: readonly string[];
}

/** What a unit has that says nothing. */
export function defaultSettings(name: string, home: string): Settings {
  return {
    description: name,
    type: 'simple',
    command: null,
    restart: 'no',
    restartUs: 100_000,
    timeoutStartUs: 90_000_000,
    timeoutStopUs: 90_000_000,
    preventsRestart: [],
    successCodes: [],
    environment: [],
    unset: [],
    umask: 0o022,
    workingDirectory: { path: home, isOptional: true },
    stdout: { other: 'journal' },
    stderr: 'inherit',
    killMode: 'control-group',
    startLimitIntervalUs: 10_000_000,
    startLimitBurst: 5,
  };
}

/** Read a unit: its own text and then its drop-ins', of which the later wins. */
export function parseUnit(
  texts: readonly string[],
  defaults: Settings,
  specifiers: Specifiers,
): ParsedUnit {
  const reading: Reading = {
    settings: defaults,
    commands: [],
    isBad: false,
    wantedBy: [],
    resolve: (text) => expandSpecifiers(text, specifiers),
  };
  for (const text of texts) {
    for (const [key, value] of assignments(text)) KEYS[key]?.(reading, value);
  }
  const [command = null] = reading.commands;
  return {
    settings: { ...reading.settings, command },
    // Only other types may have more than one command.
    isBad: reading.isBad || reading.commands.length !== 1,
    wantedBy: reading.wantedBy,
  };
}

interface Reading {
  settings: Settings;
  commands: Command[];
  isBad: boolean;
  wantedBy: string[];
  resolve: (text: string) => string | null;
}

/** `Section.Key` and value, in order. A comment inside a continued line is skipped. */
function* assignments(text: string): Generator<[string, string]> {
  let section = '';
  let pending = '';
  for (const line of text.split('\n')) {
    if (/^\s*[#;]/.test(line)) continue;
    if (line.endsWith('\\')) {
      pending += `${line.slice(0, -1)} `;
      continue;
    }
    const whole = (pending + line).trim();
    pending = '';
    const header = /^\[(.*)\]$/.exec(whole)?.[1];
    const at = whole.indexOf('=');
    if (header !== undefined) section = header;
    else if (at > 0) yield [`${section}.${whole.slice(0, at).trim()}`, whole.slice(at + 1).trim()];
  }
}

type Assign = (reading: Reading, value: string) => void;

/** Keys that are not here are unknown, and ignored as unknown ones are. */
const KEYS: Readonly<Record<string, Assign>> = {
  'Unit.Description': (reading, value) => change(reading, 'description', reading.resolve(value)),
  'Unit.StartLimitIntervalSec': duration('startLimitIntervalUs'),
  'Unit.StartLimitBurst': setStartLimitBurst,
  // Where they were once. `StartLimitIntervalSec=` was not among them.
  'Service.StartLimitInterval': duration('startLimitIntervalUs'),
  'Service.StartLimitBurst': setStartLimitBurst,
  'Service.Type': oneOf('type', ['simple', 'exec', 'notify']),
  'Service.ExecStart': addCommands,
  'Service.Restart': oneOf('restart', [
    'no',
    'always',
    'on-failure',
    'on-success',
    'on-abnormal',
    'on-abort',
  ]),
  'Service.RestartSec': duration('restartUs'),
  'Service.TimeoutStartSec': duration('timeoutStartUs', 'zero is for ever'),
  'Service.TimeoutStopSec': duration('timeoutStopUs', 'zero is for ever'),
  'Service.TimeoutSec': (reading, value) => {
    duration('timeoutStartUs', 'zero is for ever')(reading, value);
    duration('timeoutStopUs', 'zero is for ever')(reading, value);
  },
  'Service.RestartPreventExitStatus': list('preventsRestart', exitStatuses),
  'Service.SuccessExitStatus': list('successCodes', exitStatuses),
  'Service.Environment': list('environment', variables),
  'Service.UnsetEnvironment': list('unset', (words) => words),
  'Service.UMask': (reading, value) =>
    change(reading, 'umask', /^[0-7]{1,4}$/.test(value) ? parseInt(value, 8) : null),
  'Service.WorkingDirectory': setWorkingDirectory,
  'Service.StandardOutput': (reading, value) => change(reading, 'stdout', output(reading, value)),
  'Service.StandardError': (reading, value) =>
    change(reading, 'stderr', value === 'inherit' ? value : output(reading, value)),
  'Service.KillMode': oneOf('killMode', ['control-group', 'mixed', 'process', 'none']),
  'Install.WantedBy': (reading, value) => {
    reading.wantedBy = value === '' ? [] : [...reading.wantedBy, ...value.split(/\s+/)];
  },
};

/** A value that makes no sense is ignored, with a line in the journal that nobody reads. */
function change<Key extends keyof Settings>(
  reading: Reading,
  key: Key,
  value: Settings[Key] | null,
): void {
  if (value !== null) reading.settings = { ...reading.settings, [key]: value };
}

function oneOf<Key extends keyof Settings>(key: Key, values: readonly Settings[Key][]): Assign {
  return (reading, value) => change(reading, key, values.find((known) => known === value) ?? null);
}

function duration(
  key: 'restartUs' | 'timeoutStartUs' | 'timeoutStopUs' | 'startLimitIntervalUs',
  zero?: 'zero is for ever',
): Assign {
  return (reading, value) => {
    const us = parseDuration(value);
    change(reading, key, us === 0 && zero !== undefined ? Infinity : us);
  };
}

function list<Key extends 'preventsRestart' | 'successCodes' | 'environment' | 'unset'>(
  key: Key,
  read: (words: readonly string[]) => Settings[Key],
): Assign {
  return (reading, value) => {
    const words = splitWords(value) ?? [];
    const resolved = words.map((word) => reading.resolve(word));
    const added = read(resolved.filter((word) => word !== null));
    const before: readonly unknown[] = value === '' ? [] : reading.settings[key];
    reading.settings = { ...reading.settings, [key]: [...before, ...added] };
  };
}

function exitStatuses(words: readonly string[]): string[] {
  const names = words.map((word) => word.replace(/^SIG/, ''));
  return names.filter((name) =>
    /^\d+$/.test(name) ? Number(name) <= 255 : `SIG${name}` in constants.signals,
  );
}

function variables(words: readonly string[]): [string, string][] {
  return words
    .map((word): [string, string] => {
      const at = word.indexOf('=');
      return [word.slice(0, Math.max(0, at)), word.slice(at + 1)];
    })
    .filter(([name]) => /^[A-Za-z_]\w*$/.test(name));
}

function addCommands(reading: Reading, value: string): void {
  const commands = value === '' ? [] : parseCommands(value, reading.resolve);
  if (commands === null) reading.isBad = true;
  else reading.commands = value === '' ? [] : [...reading.commands, ...commands];
}

function setStartLimitBurst(reading: Reading, value: string): void {
  change(reading, 'startLimitBurst', /^\d+$/.test(value) ? Number(value) : null);
}

/** Not a list of words: quotes would be part of the path, which is then not absolute. */
function setWorkingDirectory(reading: Reading, value: string): void {
  const isOptional = value.startsWith('-');
  const text = isOptional ? value.slice(1) : value;
  const path = reading.resolve(text === '~' ? '%h' : text);
  if (path === null || !path.startsWith('/')) reading.isBad = true;
  else change(reading, 'workingDirectory', { path, isOptional });
}

function output(reading: Reading, value: string): Output | null {
  const append = /^append:(.*)$/s.exec(value)?.[1];
  if (append === undefined) return /^(null|journal)$/.test(value) ? { other: value } : null;
  const path = reading.resolve(append);
  return path?.startsWith('/') === true ? { append: path } : null;
}
