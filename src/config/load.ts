import { readFileSync } from 'node:fs';
import { parse, TomlError } from 'smol-toml';
import {
  isSettingKey,
  SETTING_KEYS,
  SETTINGS,
  valueProblem,
  type SettingKey,
  type Settings,
} from '#config/settings.ts';
import { lineOf } from '#config/toml.ts';

/** A config file that cannot be used; the message names file, line and key. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** What a file says. */
export interface Parsed {
  /** What it sets, good or not, by key. */
  values: ReadonlyMap<string, unknown>;
  /** What is wrong with it, by key, each with its line. */
  problems: ReadonlyMap<string, string>;
}

/**
 * The settings in force: the file's, else the defaults. No file is fine.
 * @throws {ConfigError}
 */
export function loadSettings(path: string): Settings {
  const { values, problems } = parseSettings(path, readSettings(path) ?? '');
  if (problems.size > 0) {
    const list = [...problems.values()].join('; ');
    throw new ConfigError(`cannot use ${path}, ${list}; mend or remove that setting`);
  }
  const settings = SETTING_KEYS.map((key) => [key, values.get(key) ?? SETTINGS[key].default]);
  return Object.freeze(Object.fromEntries(settings) as Settings);
}

/** The file's text; null where there is no file. @throws {ConfigError} */
export function readSettings(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    const why = code === 'ENOTDIR' ? 'a part of its path is no folder' : message;
    throw new ConfigError(`cannot read ${path}: ${why}`, { cause: error });
  }
}

/** @throws {ConfigError} it is no TOML. */
export function parseSettings(path: string, text: string): Parsed {
  const values = new Map(flat(parseToml(path, text)));
  const problems = new Map<string, string>();
  for (const [key, value] of values) {
    const problem = isSettingKey(key) ? valueProblem(key, value) : unknownKey(key);
    if (problem === null) continue;
    const line = lineOf(text, key);
    problems.set(key, `${line === null ? '' : `line ${line}: `}${key}: ${problem}`);
  }
  return { values, problems };
}

/** Why a key is none, and which are. */
export function unknownKey(key: string): string {
  const close = SETTING_KEYS.find((known) => isClose(known, key));
  const but = close === undefined ? '' : `; did you mean ${close}?`;
  return `there is no such setting${but} (there are ${SETTING_KEYS.join(', ')})`;
}

/** The same name in another table, or the same letters in another order. */
function isClose(known: SettingKey, key: string): boolean {
  const letters = (text: string) => [...text].toSorted().join('');
  const name = (text: string) => text.slice(text.lastIndexOf('.') + 1);
  return name(known) === name(key) || letters(known) === letters(key);
}

function parseToml(path: string, text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const first = error.message.split('\n')[0] ?? '';
    throw new ConfigError(`cannot read ${path}, line ${error.line}: ${first}`, { cause: error });
  }
}

/** Tables to dotted keys; an empty table sets nothing. */
function flat(table: Record<string, unknown>, prefix = ''): [string, unknown][] {
  return Object.entries(table).flatMap(([name, value]): [string, unknown][] => {
    const isTable =
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      !(value instanceof Date);
    const key = `${prefix}${name}`;
    return isTable ? flat(value as Record<string, unknown>, `${key}.`) : [[key, value]];
  });
}
