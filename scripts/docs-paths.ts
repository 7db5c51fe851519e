import { defaultPaths, PATH_VARIABLES, type Paths } from '#config/paths.ts';
import { SETTING_KEYS, SETTINGS, type Setting } from '#config/settings.ts';
import { unitPathOf } from '#service/select.ts';
import { code, table, type Blocks } from './docs-markdown.ts';

/** Stands for any home while the paths are made, because they have to be absolute. */
const HOME = '/HOME';
const short = (path: string) => code(path.replace(HOME, '~'));

const PATHS: Record<keyof Paths, string> = {
  dataDir: 'the data folder, mode 0700 when heph makes it',
  socket: 'where hephd answers, mode 0600',
  db: 'the store, an SQLite database, mode 0600',
  config:
    'settings, read by hephd when it starts, those of updates also while it runs; need not be there',
  log: "hephd's log, mode 0600; older ones end in `.1` and `.2`, and `.new` is there while it is rotated",
  gaveUp: 'there only on macOS, after hephd ended for a reason that a second try cannot change',
  verbLock: 'there only while a `heph daemon` command is at work: they go one after another',
  backups:
    'copies of the store: one a day, those of `heph backup`, and what was replaced or brought up to date',
  handOver:
    'there only while hephd is restarted or updated: until when clients wait for the next daemon',
};

const VARIABLES: Record<keyof typeof PATH_VARIABLES, string> = {
  socket: '`--socket`',
  db: '`--db`',
  config: '`--config`',
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
      SETTING_KEYS.map((key) => {
        const setting: Setting = SETTINGS[key];
        return [
          code(key),
          valuesOf(setting),
          code(JSON.stringify(setting.default)),
          setting.summary,
        ];
      }),
    ),
};

function valuesOf(setting: Setting): string {
  switch (setting.kind) {
    case 'word':
      return setting.words.map((word) => code(JSON.stringify(word))).join(', ');
    case 'number': {
      const { min, max } = setting;
      return `a whole number, ${min} to ${max}`;
    }
    case 'flag':
      return '`true`, `false`';
    case 'text':
      return setting.form;
    case 'list':
      return `a list: ${setting.form}`;
  }
}
