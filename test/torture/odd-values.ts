import type { Random } from './random.ts';

/** Texts that programs have stumbled over. */
const ODD_TEXTS = [
  '',
  ' ',
  '\0',
  '\u001b[31mred\u001b[0m',
  '\u202eright to left',
  '\ud800',
  '‏‪',
  'a\u0301'.repeat(40),
  '👩‍👩‍👧‍👦',
  'İıſK',
  "'; DROP TABLE nodes; --",
  '%s%n%d$1{}[]',
  '[[',
  ']]',
  '[[]]',
  '[[a|b|c]]',
  '*',
  '"',
  'NEAR(a b)',
  'a AND NOT',
  '-',
  '../../../etc/passwd',
  '__proto__',
  'constructor',
  '9'.repeat(400),
  'x'.repeat(5000),
];

/** What people and programs write where heph expects a date, a rule, an id, a query. */
const WORDS = [
  'today',
  'tomorrow',
  'fri',
  '+3d',
  '-2w',
  '+99999999d',
  '2026-02-30',
  '2026-12-31',
  '0000-00-00',
  '99999-01-01',
  'none',
  'daily',
  'weekly',
  'every 3 days',
  'every 0 days',
  'every 999999999 years',
  'FREQ=DAILY',
  'FREQ=MONTHLY;BYDAY=-1FR',
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
  'FREQ=SECONDLY',
  'FREQ=DAILY;COUNT=-1',
  'red',
  'blue',
  'outstanding',
  'done',
  'schedule',
  '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  'ZZZZ',
  'Home',
  'a b c',
];

export function oddText(random: Random): string {
  const chance = random.next();
  if (chance < 0.3) return random.pick(ODD_TEXTS);
  if (chance < 0.7) return random.pick(WORDS);
  if (chance < 0.85)
    return `${random.pick(WORDS)}${random.pick([' ', ';', ',', '\n', ''])}${oddText(random)}`;
  return Array.from({ length: random.int(1, 30) }, () =>
    String.fromCodePoint(codePoint(random)),
  ).join('');
}

function codePoint(random: Random): number {
  const most = random.pick([0x7f, 0x7f, 0x7f, 0xff, 0xfff, 0xffff, 0x10ffff]);
  return random.int(0, most);
}

/** Any JSON value at all; not deeper than a stack holds. */
export function oddValue(random: Random, depth = 0): unknown {
  const chance = random.next();
  if (chance < 0.35) return oddText(random);
  if (chance < 0.55) return random.pick([0, -0, 1, -1, 0.5, 1e21, -1e308, 2 ** 31, 2 ** 53, 1e9]);
  if (chance < 0.7) return random.pick([null, true, false]);
  if (depth > 5) return null;
  const size = random.int(0, 4);
  const values = Array.from({ length: size }, () => oddValue(random, depth + 1));
  if (chance < 0.85) return values;
  return Object.fromEntries(values.map((value) => [oddText(random), value]));
}
