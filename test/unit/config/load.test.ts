import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError, loadSettings } from '#config/load.ts';
import { Sandbox } from '../../support/sandbox.ts';

let sandbox: Sandbox;
let path: string;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  path = sandbox.at('config.toml');
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const KEY = Buffer.alloc(32, 7).toString('base64');

const DEFAULTS = {
  'log.level': 'info',
  'log.max_bytes': 5 * 1024 * 1024,
  'backup.keep': 7,
  'query.limit_ms': 30_000,
  'update.enabled': false,
  'update.feed': '',
  'update.keys': [],
  'update.interval_s': 86_400,
};

test.each([
  ['no file', null, DEFAULTS],
  ['an empty file', '', DEFAULTS],
  ['an empty table', '[log]\n', DEFAULTS],
  ['one setting', '[log]\nlevel = "debug"\n', { ...DEFAULTS, 'log.level': 'debug' }],
  [
    'all of them',
    `# mine\n[log]\nlevel = "error"\nmax_bytes = 65536\n[backup]\nkeep = 3\n[query]\nlimit_ms = 100\n[update]\nenabled = true\nfeed = "https://heph.test/f"\nkeys = ["${KEY}"]\ninterval_s = 60\n`,
    {
      'update.enabled': true,
      'update.feed': 'https://heph.test/f',
      'update.keys': [KEY],
      'update.interval_s': 60,
      'log.level': 'error',
      'log.max_bytes': 65_536,
      'backup.keep': 3,
      'query.limit_ms': 100,
    },
  ],
])('%s gives the defaults for what it does not say', (_, text, settings) => {
  if (text !== null) writeFileSync(path, text);
  expect(loadSettings(path)).toEqual(settings);
});

describe('what is wrong is refused, by file and by line or key', () => {
  test.each([
    ['a syntax error', '[log]\nlevel = "info"\nmax_bytes = = 3\n', /^cannot read PATH, line 3: /],
    ['a string that does not end', 'x = "abc\n', /^cannot read PATH, line 1: /],
    [
      'an unknown key',
      '[log]\nlevle = "info"\n',
      /^cannot use PATH, line 2: log\.levle: there is no such setting; did you mean log\.level\? .*; mend or remove that setting$/,
    ],
    [
      'an unknown table',
      '[sync]\nhub = "x"\n',
      /^cannot use PATH, line 2: sync\.hub: there is no such setting/,
    ],
    [
      'a wrong type',
      '[log]\nmax_bytes = "5 MB"\n',
      /^cannot use PATH, line 2: log\.max_bytes: .*number, 65536 to 1099511627776/,
    ],
    [
      'a word that is none of them',
      '[log]\nlevel = "loud"\n',
      /^cannot use PATH, line 2: log\.level: .*one of debug/,
    ],
    [
      'a number too small',
      '[query]\nlimit_ms = 1\n',
      /^cannot use PATH, line 2: query\.limit_ms: .*100 to 600000/,
    ],
    [
      'a number too large',
      '[log]\nmax_bytes = 1099511627777\n',
      /^cannot use PATH, line 2: log\.max_bytes: .*65536 to 1099511627776/,
    ],
    [
      'a word for a flag',
      '[update]\nenabled = "yes"\n',
      /line 2: update\.enabled: it must be true or false/,
    ],
    [
      'an address that is none',
      '[update]\nfeed = "http://heph.test/"\n',
      /line 2: update\.feed: it must be https/,
    ],
    [
      'one text for a list',
      `[update]\nkeys = "${KEY}"\n`,
      /line 2: update\.keys: it must be a list of texts/,
    ],
    [
      'a list with no text',
      '[update]\nkeys = [1]\n',
      /line 2: update\.keys: it must be a list of texts/,
    ],
    [
      'a key that is none',
      `[update]\nkeys = ["${KEY}", "abc"]\n`,
      /line 2: update\.keys: it must be an Ed25519 public key/,
    ],
    ['a number for a table', 'log = 1\n', /^cannot use PATH, line 1: log: /],
    [
      'two errors at once',
      '[log]\nlevel = 1\n[query]\nlimit_ms = 1\n',
      /line 2: log\.level: .*; line 4: query\.limit_ms: /,
    ],
  ])('%s', (_, text, message) => {
    writeFileSync(path, text);
    expect(() => loadSettings(path)).toThrow(ConfigError);
    expect(() => loadSettings(path)).toThrow(
      new RegExp(message.source.replace('PATH', path.replaceAll('/', '\\/'))),
    );
  });

  test('a folder where the file should be', () => {
    mkdirSync(path);
    expect(() => loadSettings(path)).toThrow(`cannot read ${path}: EISDIR`);
  });
});

test('settings cannot be changed after they were read', () => {
  expect(Object.isFrozen(loadSettings(path))).toBe(true);
});
