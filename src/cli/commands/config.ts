import type { Context, Input, RunCommandLine } from '#cli/command.ts';
import { FileError, UsageError } from '#cli/fail.ts';
import { printJson } from '#cli/print/output.ts';
import { greetingOf } from '#client/probe.ts';
import { socketDialer } from '#client/socket';
import { ConfigError, parseSettings, readSettings, unknownKey, type Parsed } from '#config/load.ts';
import {
  isFollowed,
  isSameValue,
  isSettingKey,
  SETTING_KEYS,
  SETTINGS,
  shown,
  valueOf,
  valueProblem,
  type SettingKey,
  type Value,
} from '#config/settings.ts';
import { withKey, withoutKey } from '#config/toml.ts';
import { whyUnwritten } from '#core/unwritten.ts';
import { files } from '#node/files.ts';

/** Reads and edits the file that hephd reads at its start; no daemon is needed for it. */
export const run: RunCommandLine = async (input, context) => {
  const verb = input.command.path[1];
  if (verb === 'list') return list(context);
  const key = keyOf(input.first);
  if (verb === 'get') return get(key, context);
  return verb === 'set' ? set(key, input, context) : unset(key, context);
};

function keyOf(word: string): SettingKey {
  if (isSettingKey(word)) return word;
  throw new UsageError(`cannot find ${word}: ${unknownKey(word)}`, 'see: heph config list');
}

function list(context: Context): void {
  const { config } = context.paths;
  const { values, problems } = parsed(context);
  for (const problem of problems.values()) context.note(`cannot use ${config}, ${problem}`);
  const rows = SETTING_KEYS.map((key) => ({
    key,
    value: problems.has(key) ? null : inForce(key, values),
    is_set: values.has(key),
    default: SETTINGS[key].default,
  }));
  if (context.isJson) {
    printJson(context, rows);
    return;
  }
  const width = Math.max(...SETTING_KEYS.map((key) => key.length));
  for (const { key, value, is_set: isSet } of rows) {
    const from = isSet ? '' : '  (default)';
    const text = value === null ? '?' : shown(value) || '-';
    context.print(`${key.padEnd(width)}  ${text}${from}\n`);
  }
}

function get(key: SettingKey, context: Context): void {
  const { values, problems } = parsed(context);
  const problem = problems.get(key);
  if (problem !== undefined)
    throw new ConfigError(`cannot use ${context.paths.config}, ${problem}; ${MEND}`);
  const value = inForce(key, values);
  if (context.isJson) printJson(context, { key, value, is_set: values.has(key) });
  else context.print(`${shown(value)}\n`);
}

/** Only of a key without a problem: it is then what it has to be. */
function inForce(key: SettingKey, values: Parsed['values']): Value {
  return (values.get(key) as Value | undefined) ?? SETTINGS[key].default;
}

async function set(key: SettingKey, input: Input, context: Context): Promise<void> {
  const value = valueOf(key, input.args[1] ?? '');
  const problem = valueProblem(key, value);
  if (problem !== null) throw new UsageError(`cannot set ${key} to ${shown(value)}: ${problem}`);
  const text = readSettings(context.paths.config) ?? '';
  await change(key, value, withKey(text, key, value), context);
}

async function unset(key: SettingKey, context: Context): Promise<void> {
  const text = readSettings(context.paths.config) ?? '';
  await change(key, undefined, withoutKey(text, key), context);
}

const MEND = 'mend it with heph config set, or take it out with heph config unset';

/**
 * Take the new text only when it says what the old one said, with that one key
 * as it should be. What was wrong elsewhere stays so, and is named.
 */
async function change(
  key: SettingKey,
  value: Value | undefined,
  text: string | null,
  context: Context,
): Promise<void> {
  const { config: path } = context.paths;
  const before = parsed(context);
  if (isSameValue(before.values.get(key), value)) return said(false, key, value, context);
  const wanted = new Map(before.values);
  if (value === undefined) wanted.delete(key);
  else wanted.set(key, value);
  const after = text === null ? null : tried(path, text);
  if (text === null || after === null || !isSame(wanted, after.values)) {
    throw new ConfigError(
      `cannot change ${key} in ${path}: it is written in a way that only a person can change; edit that file`,
    );
  }
  await write(path, text);
  for (const problem of after.problems.values()) context.note(`still wrong in ${path}, ${problem}`);
  await said(true, key, value, context);
}

/** Through a link to where it leads: somebody keeps their settings elsewhere. @throws {FileError} */
async function write(path: string, text: string): Promise<void> {
  try {
    const real = (await files.resolve(path)) ?? path;
    const stat = await files.stat(real);
    await files.makeFolder(real.slice(0, real.lastIndexOf('/')), 0o700);
    await files.write(real, text, stat?.mode ?? 0o600);
  } catch (error) {
    throw new FileError(`cannot write ${path}: ${whyUnwritten(error)}`, { cause: error });
  }
}

async function said(
  changed: boolean,
  key: SettingKey,
  value: Value | undefined,
  context: Context,
): Promise<void> {
  const { socket } = context.paths;
  const isRestartNeeded =
    changed &&
    !isFollowed(key) &&
    (await greetingOf(socketDialer(socket), socket)).kind === 'answers';
  if (context.isJson) {
    printJson(context, { key, value: value ?? null, changed, restart_needed: isRestartNeeded });
    return;
  }
  const now = shown(value ?? SETTINGS[key].default) || 'empty';
  const from = value === undefined ? ', the default' : '';
  context.print(`${key} is ${changed ? 'now' : 'already'} ${now}${from}\n`);
  if (isRestartNeeded) context.print('hephd goes by it from its next start: heph daemon restart\n');
}

function parsed({ paths: { config } }: Context): Parsed {
  return parseSettings(config, readSettings(config) ?? '');
}

function tried(path: string, text: string): Parsed | null {
  try {
    return parseSettings(path, text);
  } catch {
    return null;
  }
}

function isSame(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  const text = (map: ReadonlyMap<string, unknown>) =>
    JSON.stringify([...map].toSorted(([x], [y]) => (x < y ? -1 : 1)));
  return text(a) === text(b);
}
