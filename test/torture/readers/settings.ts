import { deepEqual, equal, ok } from 'node:assert/strict';
import { ConfigError, parseSettings } from '#config/load.ts';
import { overridesFromEnv, resolvePaths, socketPathProblem } from '#config/paths.ts';
import { SETTING_KEYS, shown, valueOf, valueProblem } from '#config/settings.ts';
import { withKey, withoutKey } from '#config/toml.ts';
import { gaveBack, launchedAs, updateForbidden } from '#config/update-variables.ts';
import { parseDaemonOptions, UsageError } from '#daemon/options.ts';
import { feedProblem, harmless } from '#update/address.ts';
import type { Readers } from './reader.ts';

const TOML = [
  '[log]',
  '\n',
  'level',
  ' = ',
  '"info"',
  '[update]',
  'keys',
  '[',
  ']',
  '"',
  "'''",
  '"""',
  '#',
  '.',
  'log.level = "warn"',
  '[log.level]',
  '\r\n',
  'log',
  '{',
  '}',
  ',',
  'max_bytes = 100_000',
  '1979-05-27',
  '[[log]]',
  '\\',
  '"log"',
  ' ',
  'interval_s = 0x100',
  'true',
  'nan',
];

/** What somebody put into the file of settings, the environment and the command line. */
export const READERS: Readers = {
  config: {
    read: (text) => {
      const { values, problems } = parseSettings('config.toml', text);
      for (const key of problems.keys()) ok(values.has(key));
    },
    words: TOML,
    refusals: [ConfigError],
  },
  'config edit': {
    read: (text) => {
      const before = parseSettings('config.toml', text).values;
      for (const [key, value] of [
        ['log.level', 'warn'],
        ['update.keys', ['a', 'b']],
        ['backup.keep', 3],
      ] as const) {
        const edited = withKey(text, key, value);
        const after = edited === null ? null : valuesOf(edited);
        // Another shape may be more than a line can change; whoever asks for it looks at what came of it.
        if (edited === null || after === null || !isSame(after.get(key), value)) continue;
        const rest = without(after, key);
        if (!isSame([...rest], [...without(before, key)])) continue;
        equal(withKey(edited, key, value), edited);
        const taken = valuesOf(withoutKey(edited, key));
        if (taken !== null && !taken.has(key)) deepEqual(taken, rest);
      }
    },
    words: TOML,
    refusals: [ConfigError],
  },
  'value as typed': {
    read: (text) => {
      // No command line holds half a character.
      if (!text.isWellFormed()) return;
      for (const key of SETTING_KEYS) {
        const value = valueOf(key, text);
        if (valueProblem(key, value) !== null) continue;
        deepEqual(valueOf(key, shown(value)), value);
        const toml = withKey('', key, value) ?? '';
        deepEqual(parseSettings('config.toml', toml).values.get(key), value);
      }
    },
    words: [
      'info',
      'true',
      '5_000',
      '_',
      '1',
      ',',
      'https://',
      'a.example/',
      'file:///',
      'A'.repeat(43),
      '=',
      '%00',
      '\u007f',
    ],
  },
  'feed address': {
    read: (text) => {
      const shownAs = harmless(text);
      ok(!/\p{Cc}/u.test(shownAs));
      const url = URL.parse(text);
      if (url === null) return;
      // As control characters are shown: what comes of one may be like the secret.
      const visible = text.replaceAll(/\p{Cc}/gu, '?');
      // As a URL is read: a break in a secret must not hide that it is what the scheme is called, too.
      const unbroken = text.replaceAll(/[\t\n\r]/g, '');
      for (const secret of [url.username, url.password, ...url.search.slice(1).split('@')]) {
        const isOnce =
          secret.length > 3 && [visible, unbroken].every((each) => each.split(secret).length === 2);
        if (isOnce) ok(!shownAs.includes(secret), `${shownAs} tells ${secret}`);
      }
      if (feedProblem(text) === null) ok(['https:', 'http:', 'file:'].includes(url.protocol));
    },
    words: [
      'https://',
      'http://',
      'file:///',
      'ada',
      ':',
      'secret',
      '@',
      'feed.example',
      '/',
      '\\',
      '?',
      '#',
      '%2f',
      '127.0.0.1',
      'localhost',
      '[::1]',
      '\t',
      '\n',
      ':8080',
    ],
  },
  environment: {
    read: (text) => {
      const env = {
        HEPH_SOCKET: text,
        HEPH_DB: text,
        HEPH_CONFIG: text,
        HEPH_LAUNCHER: text,
        HEPH_GAVE_BACK: text,
      };
      for (const path of Object.values(resolvePaths('/home/ada', '/', overridesFromEnv(env))))
        ok(path.startsWith('/'));
      socketPathProblem(text);
      gaveBack(env);
      updateForbidden({ HEPH_NO_SELF_UPDATE: text });
      const pid = launchedAs(env);
      if (pid !== null) ok(Number.isSafeInteger(pid) && pid > 0);
    },
    words: ['/', '//', '..', './', 'a', '\0', '4711', '-1', '1e3', '0x10', ' ', 'x'.repeat(60)],
  },
  'options of hephd': {
    read: (text) => parseDaemonOptions(text.split(' '), {}, '/home/ada', '/'),
    words: [
      '--db',
      '--socket',
      '--config',
      '--mode',
      ' ',
      '=',
      'local',
      '--trial',
      '--self-test',
      '--check-config',
      '-',
      '--',
      '--no-trial',
      '/x',
    ],
    refusals: [UsageError],
  },
};

function valuesOf(text: string): ReadonlyMap<string, unknown> | null {
  try {
    return parseSettings('config.toml', text).values;
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}

function without(values: ReadonlyMap<string, unknown>, key: string): Map<string, unknown> {
  return new Map([...values].filter(([each]) => each !== key));
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
