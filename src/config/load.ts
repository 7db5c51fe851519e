import { readFileSync } from 'node:fs';
import { parse, TomlError } from 'smol-toml';
import { settingsSchema, type Settings } from '#config/settings.ts';

/** A config file that cannot be used; the message names file, line or key. */
export class ConfigError extends Error {}

/**
 * The settings in force: the file's, else the defaults. No file is fine.
 * @throws {ConfigError}
 */
export function loadSettings(path: string): Settings {
  const text = readIfThere(path);
  const parsed = settingsSchema.safeParse(text === null ? {} : parseToml(path, text));
  if (parsed.success) return Object.freeze(parsed.data);
  const issues = parsed.error.issues.map((issue) => {
    const key = issue.path.join('.');
    return key === '' ? issue.message : `${key}: ${issue.message}`;
  });
  throw new ConfigError(`cannot use ${path}: ${issues.join('; ')}; mend or remove that setting`);
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new ConfigError(`cannot read ${path}: ${message}`, { cause: error });
  }
}

function parseToml(path: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const first = error.message.split('\n')[0] ?? '';
    throw new ConfigError(`cannot read ${path}, line ${error.line}: ${first}`, { cause: error });
  }
}
