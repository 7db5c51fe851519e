import * as z from 'zod';
import { defaultPaths, PATH_VARIABLES, type Paths } from '#config/paths.ts';
import { settingsSchema } from '#config/settings.ts';
import { unitPathOf } from '#service/select.ts';
import { code, table, type Blocks } from './docs-markdown.ts';

/** Stands for any home while the paths are made, because they have to be absolute. */
const HOME = '/HOME';
const short = (path: string) => code(path.replace(HOME, '~'));

const PATHS: Record<keyof Paths, string> = {
  dataDir: 'the data folder, mode 0700 when heph makes it',
  socket: 'where hephd answers, mode 0600',
  db: 'the store, an SQLite database, mode 0600',
  config: 'settings, read by hephd when it starts; need not be there',
  log: "hephd's log, mode 0600; older ones end in `.1` and `.2`, and `.new` is there while it is rotated",
  handOver: 'there only during a restart: until when clients wait for the next daemon',
};

const VARIABLES: Record<keyof typeof PATH_VARIABLES, string> = {
  socket: '`--socket`',
  db: '`--db`',
  config: '`--config`',
};

/** What each setting does; a setting without a word here stops the docs from being made. */
const SETTINGS: Readonly<Record<string, string>> = {
  'log.level': 'the least a line must be to be written to the log',
  'log.max_bytes': 'no log file is larger: a full one is rotated, and two older ones are kept',
  'query.limit_ms': 'how long a [long](rpc.md#methods) question may take before it is stopped',
};

export const pathBlocks: Blocks = {
  paths: () => {
    const paths = defaultPaths(HOME);
    const names = Object.keys(PATHS) as (keyof Paths)[];
    const manager = [
      [short(unitPathOf('systemd', HOME)), 'the unit, on Linux; mode 0644'],
      [short(unitPathOf('launchd', HOME)), 'the plist, on macOS; mode 0644'],
    ];
    return table(
      ['path', 'what it is'],
      [...names.map((name) => [short(paths[name]), PATHS[name]]), ...manager],
    );
  },
  'path-variables': () => {
    const paths = defaultPaths(HOME);
    const names = Object.keys(VARIABLES) as (keyof typeof PATH_VARIABLES)[];
    const rows = names.map((name) => [
      code(PATH_VARIABLES[name]),
      VARIABLES[name],
      short(paths[name]),
    ]);
    return table(['variable', "hephd's option", 'in place of'], rows);
  },
  settings: () =>
    table(
      ['setting', 'values', 'default', 'what it does'],
      settings(z.toJSONSchema(settingsSchema, { io: 'input' })),
    ),
};

type Schema = z.core.JSONSchema.BaseSchema;

function settings({ properties = {} }: Schema, prefix = ''): string[][] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    if (typeof schema === 'boolean') return [];
    const key = `${prefix}${name}`;
    if (schema.properties) return settings(schema, `${key}.`);
    const meaning = SETTINGS[key];
    if (meaning === undefined)
      throw new Error(`cannot say what ${key} does: add it to docs-paths.ts`);
    return [[code(key), valuesOf(schema), code(JSON.stringify(schema.default)), meaning]];
  });
}

function valuesOf({ enum: words, minimum, maximum }: Schema): string {
  if (words) return words.map((word) => code(JSON.stringify(word))).join(', ');
  const most =
    maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? 'or more' : `to ${maximum}`;
  return `a whole number, ${minimum} ${most}`;
}
