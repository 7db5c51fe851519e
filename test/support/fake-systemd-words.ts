/** Values of the `%` specifiers, by letter. */
export type Specifiers = Readonly<Record<string, string>>;

/** Letters that stand for something, whether or not this fake knows what. */
const SPECIFIER_LETTERS = /^[aAbBCdDEfgGhHiIjJlLmMnNopPqsStTuUvVwWyY]$/;
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  s: ' ',
  t: '\t',
  v: '\v',
};

/**
 * The words of a setting's value: quotes of either kind group, wherever in a
 * word they stand, and a backslash escapes as in C. An escape that means
 * nothing stays as it is.
 * @returns null where a quote is never closed.
 */
export function splitWords(text: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') {
      const [value, length] = unescape(text.slice(at + 1));
      word = (word ?? '') + value;
      at += length;
    } else if (quote !== '') {
      if (char === quote) quote = '';
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== '') return null;
  if (word !== null) words.push(word);
  return words;
}

/** @returns what the escape stands for, and how long it is after the backslash. */
function unescape(rest: string): [string, number] {
  const coded = /^x([0-9a-fA-F]{2})|^([0-7]{3})/.exec(rest);
  if (coded) {
    const code = coded[1] === undefined ? parseInt(coded[2] ?? '', 8) : parseInt(coded[1], 16);
    return [String.fromCharCode(code), coded[0].length];
  }
  const char = rest.charAt(0);
  if (char === '\\' || char === '"' || char === "'") return [char, 1];
  return [ESCAPES[char] ?? `\\${char}`, char === '' ? 0 : 1];
}

/** @returns null where a letter stands for nothing. A `%` before anything but a letter is itself. */
export function expandSpecifiers(text: string, values: Specifiers): string | null {
  let isKnown = true;
  const expanded = text.replaceAll(/%(%|[A-Za-z])/g, (_, letter: string) => {
    if (letter === '%') return '%';
    isKnown &&= SPECIFIER_LETTERS.test(letter);
    return values[letter] ?? '';
  });
  return isKnown ? expanded : null;
}

/** Variables in a command line: `$NAME` as a whole word becomes any number of words, `${NAME}` one text. */
export function expandVariables(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): string[] {
  return words.flatMap((word) => {
    if (/^\$(?![{$])/.test(word)) return splitWords(env[word.slice(1)] ?? '') ?? [];
    return word.replaceAll(/\$(?:\$|\{([^}]*)\})/g, (match, name: string | undefined) =>
      match === '$$' ? '$' : (env[name ?? ''] ?? ''),
    );
  });
}

const UNITS_US: readonly (readonly [RegExp, number])[] = [
  [/^(us|usec|µs)$/, 1],
  [/^(ms|msec)$/, 1000],
  [/^(|s|sec|second|seconds)$/, 1_000_000],
  [/^(m|min|minute|minutes)$/, 60_000_000],
  [/^(h|hr|hour|hours)$/, 3_600_000_000],
  [/^(d|day|days)$/, 86_400_000_000],
  [/^(w|week|weeks)$/, 604_800_000_000],
];

/** Microseconds; a bare number is seconds. @returns null for anything else. */
export function parseDuration(text: string): number | null {
  if (text === 'infinity') return Infinity;
  if (!/^(\s*\d+(\.\d+)?\s*[a-zµ]*)+\s*$/.test(text)) return null;
  let total = 0;
  for (const [, amount, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-zµ]*)/g)) {
    const size = UNITS_US.find(([names]) => names.test(unit))?.[1];
    if (size === undefined) return null;
    total += Number(amount) * size;
  }
  return Math.round(total);
}

const PRINTED_UNITS: readonly (readonly [string, number])[] = [
  ['w', 604_800_000_000],
  ['d', 86_400_000_000],
  ['h', 3_600_000_000],
  ['min', 60_000_000],
  ['s', 1_000_000],
  ['ms', 1000],
  ['us', 1],
];

/** As `systemctl show` prints a span: `1min 30s`, `1.500000s`, `0`. */
export function formatDuration(us: number): string {
  if (us === 0) return '0';
  if (us === Infinity) return 'infinity';
  const parts: string[] = [];
  let left = us;
  for (const [name, size] of PRINTED_UNITS) {
    const whole = Math.floor(left / size);
    if (whole === 0) continue;
    const rest = left % size;
    if (left < 60_000_000 && rest > 0) {
      parts.push(`${whole}.${String(rest).padStart(String(size).length - 1, '0')}${name}`);
      break;
    }
    parts.push(`${whole}${name}`);
    left = rest;
  }
  return parts.join(' ');
}
