import { lstatSync, readFileSync } from 'node:fs';
import {
  isDict,
  parsePlist,
  PlistError,
  type PlistDict,
  type PlistValue,
} from './fake-launchd-plist.ts';

/** When a job comes back after it ended. */
type KeepAlive =
  | { kind: 'never' }
  | { kind: 'always' }
  /** After an exit with 0, or after any other end. */
  | { kind: 'after'; successfulExit: boolean };

/** A property list as launchd understands it: what `bootstrap` reads, once. */
export interface Agent {
  path: string;
  label: string;
  program: string;
  /** With the program's own name first. */
  arguments: readonly string[];
  runsAtLoad: boolean;
  keepAlive: KeepAlive;
  /** Seconds. */
  throttleInterval: number;
  exitTimeOut: number;
  stdout: string | null;
  stderr: string | null;
  umask: number;
  environment: Readonly<Record<string, string>>;
  workingDirectory: string | null;
  abandonsProcessGroup: boolean;
  isDisabled: boolean;
}

/** 5 and 122 are launchd's numbers for a file that cannot be used. */
export type AgentProblem = 5 | 122;

/** Read an agent, whose file has to be as launchd wants it. */
export function readAgent(path: string, uid: number): Agent | AgentProblem {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return 5;
  const isSafe = stats.isFile() && stats.uid === uid && (stats.mode & 0o022) === 0;
  if (!isSafe || !path.endsWith('.plist')) return 122;
  try {
    const dict = parsePlist(readFileSync(path, 'utf8'));
    return (isDict(dict) && agentOf(path, dict)) || 5;
  } catch (error) {
    if (error instanceof PlistError) return 5;
    throw error;
  }
}

function agentOf(path: string, dict: PlistDict): Agent | null {
  const label = text(dict['Label']);
  const words = dict['ProgramArguments'];
  const args = Array.isArray(words) ? words.map((word) => text(word) ?? '') : [];
  const program = text(dict['Program']) ?? args[0];
  if (label === null || program === undefined || program === '') return null;
  const keepAlive = keepAliveOf(dict['KeepAlive']);
  return {
    path,
    label,
    program,
    arguments: args.length > 0 ? args : [program],
    // A condition on how it ends implies that it begins.
    runsAtLoad: dict['RunAtLoad'] === true || keepAlive.kind !== 'never',
    keepAlive,
    throttleInterval: whole(dict['ThrottleInterval']) ?? 10,
    exitTimeOut: whole(dict['ExitTimeOut']) ?? 5,
    stdout: text(dict['StandardOutPath']),
    stderr: text(dict['StandardErrorPath']),
    umask: umaskOf(dict['Umask']),
    environment: environmentOf(dict['EnvironmentVariables']),
    workingDirectory: text(dict['WorkingDirectory']),
    abandonsProcessGroup: dict['AbandonProcessGroup'] === true,
    isDisabled: dict['Disabled'] === true,
  };
}

function keepAliveOf(value: PlistValue | undefined): KeepAlive {
  if (value === true) return { kind: 'always' };
  const condition = isDict(value) ? value['SuccessfulExit'] : undefined;
  if (typeof condition !== 'boolean') return { kind: 'never' };
  return { kind: 'after', successfulExit: condition };
}

/** A number is decimal, a text octal. */
function umaskOf(value: PlistValue | undefined): number {
  if (typeof value === 'string' && /^[0-7]+$/.test(value)) return parseInt(value, 8);
  return whole(value) ?? 0o022;
}

function environmentOf(value: PlistValue | undefined): Record<string, string> {
  const entries = isDict(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([name, item]) => [name, text(item) ?? '']));
}

function text(value: PlistValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function whole(value: PlistValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
