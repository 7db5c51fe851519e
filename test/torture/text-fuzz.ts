import { ConfigError, parseSettings } from '#config/load.ts';
import { withKey, withoutKey } from '#config/toml.ts';
import { addDays, parseDate } from '#core/dates.ts';
import { parseRecurrence } from '#core/recurrence.ts';
import { describeRecurrence } from '#core/recurrence-english.ts';
import { HephError } from '#core/errors.ts';
import { linksIn } from '#core/wiki-links.ts';
import { readHephJson } from '#cli/import/heph.ts';
import { readTaskwarrior } from '#cli/import/taskwarrior.ts';
import { readTodotxt } from '#cli/import/todotxt.ts';
import { parsePrint, activityOf as printedActivity, lastExitOf } from '#service/launchd/print.ts';
import { programOf as programOfPlist } from '#service/launchd/plist.ts';
import { activityOf, lastExitOf as shownExit, parseShow } from '#service/systemd/show.ts';
import { programOf as programOfUnit } from '#service/systemd/unit.ts';
import { parseManifest } from '#update/manifest.ts';
import { parseProbation } from '#update/probation.ts';
import { UpdateError } from '#update/problem.ts';
import { parseState } from '#update/state.ts';
import { oddText, oddValue } from './odd-values.ts';
import type { Random } from './random.ts';
import { expectNone, type Counts, type Trial } from './trial.ts';

const TEXTS = 20_000;
/** Errors that say what is wrong with a text; any other is a defect. */
const KNOWN = [ConfigError, UpdateError, HephError];

/** What reads texts that others wrote, and what such texts are made of. */
const READERS: Readonly<
  Record<string, { read: (text: string) => unknown; words: readonly string[] }>
> = {
  date: {
    read: (text) => {
      const date = parseDate(text, '2026-11-27');
      return date === null ? null : addDays(date, 1);
    },
    words: ['next', 'last', 'in', 'fri', 'of', 'month', '31', '+', '-', 'w', 'weeks', '2028-02-29'],
  },
  recurrence: {
    read: (text) => {
      const rule = parseRecurrence(text, 'schedule', '2026-11-27');
      return rule === null ? null : describeRecurrence(rule);
    },
    words: [
      'every',
      'other',
      '3',
      'days',
      'FREQ=',
      'WEEKLY',
      ';',
      'BYDAY=MO,-2TU',
      'INTERVAL=0',
      'and',
      'fri',
    ],
  },
  links: { read: linksIn, words: ['[[', ']]', '|', '`', '```', '\n', '\\', '[', 'Title', '#'] },
  config: {
    read: (text) => parseSettings('config.toml', text),
    words: [
      '[log]',
      '\n',
      'level',
      '=',
      '"info"',
      '[update]',
      'keys',
      '[',
      ']',
      '"',
      "'''",
      '#',
      '.',
    ],
  },
  'config edit': {
    read: (text) => [withKey(text, 'log.level', 'warn'), withoutKey(text, 'log.level')],
    words: ['[log]', '\n', 'level', '=', '"info"', 'log.level', '"""', '#', '\r\n', '[log.level]'],
  },
  manifest: {
    read: (text) => parseManifest(Buffer.from(text), 'feed'),
    words: ['{"version":', '"1.2.3"', ',', '"artifacts":{', '}', '"sha512"', ':', 'null', '1e999'],
  },
  state: {
    read: parseState,
    words: ['{', '"bad":', '[', ']', '{"version":1}', ',', '"failures":', '-1', '}'],
  },
  probation: {
    read: parseProbation,
    words: ['from ', '1.0.0', '\n', 'to ', '../..', 'boots ', '9', ' '],
  },
  'launchctl print': {
    read: (text) => {
      const printed = parsePrint(text);
      return [printedActivity(printed), lastExitOf(printed)];
    },
    words: [
      '\t',
      'state = running',
      '\n',
      'pid = ',
      '4711',
      ' = {',
      '}',
      'last exit code = ',
      '=>',
      '(never exited)',
    ],
  },
  plist: {
    read: programOfPlist,
    words: [
      '<plist>',
      '<dict>',
      '<key>',
      'ProgramArguments',
      '</key>',
      '<array>',
      '<string>',
      '&',
      ']]>',
      '<!ENTITY x "y">',
    ],
  },
  'systemctl show': {
    read: (text) => {
      const shown = parseShow(text);
      return [activityOf(shown), shownExit(shown)];
    },
    words: [
      'ActiveState=',
      'active',
      '\n',
      'ExecMainStatus=',
      '78',
      'NRestarts=',
      '-1',
      '=',
      'Result=',
    ],
  },
  unit: {
    read: programOfUnit,
    words: ['[Service]', '\n', 'ExecStart=', '"', '\\', '%%', '$', "'", '\\x20', ' '],
  },
  taskwarrior: {
    read: (text) => readTaskwarrior(text, 'tasks.json'),
    words: [
      '[',
      '{"description":"x"',
      ',',
      '"status":"pending"',
      '"due":"20261127T000000Z"',
      '}',
      ']',
      '"recur":"P1Y"',
    ],
  },
  'todo.txt': {
    read: (text) => readTodotxt(text, 'todo.txt'),
    words: [
      'x ',
      '(A) ',
      '2026-11-27 ',
      '+project',
      '@context',
      'due:',
      'rec:+1m',
      '\n',
      'h:1',
      'key:value',
    ],
  },
  'heph export': {
    read: (text) => readHephJson(text, 'heph.json'),
    words: [
      '{"kind":"task"',
      ',',
      '"title":"x"',
      '}',
      '\n',
      '"node_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV"',
      '[',
      ']',
    ],
  },
};

export const textFuzz: Trial = {
  name: 'text-fuzz',
  claim: 'whatever is in a text that somebody wrote, its reader takes it or says what is wrong',
  isForLinux: false,
  run: async (random, _folder, scale) => fuzz(random, scale),
};

function fuzz(random: Random, scale: number): Counts {
  const counts: Record<string, number> = { texts: 0, refused: 0 };
  for (let nth = 0; nth < TEXTS * scale; nth++) {
    for (const [name, { read, words }] of Object.entries(READERS)) {
      const text = made(random, words);
      counts['texts'] = (counts['texts'] ?? 0) + 1;
      try {
        read(text);
      } catch (error) {
        const isKnown = KNOWN.some((known) => error instanceof known);
        expectNone(isKnown ? [] : [`${name}: ${JSON.stringify(text)}\n${(error as Error).stack}`]);
        counts['refused'] = (counts['refused'] ?? 0) + 1;
      }
    }
  }
  return counts;
}

/** Words that belong there in an order that may not, with something odd among them. */
function made(random: Random, words: readonly string[]): string {
  const parts = Array.from({ length: random.int(0, 12) }, () => {
    const chance = random.next();
    if (chance < 0.75) return random.pick(words);
    if (chance < 0.95) return oddText(random);
    return JSON.stringify(oddValue(random));
  });
  return parts.join(random.pick(['', '', ' ']));
}
