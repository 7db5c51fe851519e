/** What differs from one run to the next, and what stands for it. */
const MASKS: readonly [RegExp, string][] = [
  [/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, 'ID'],
  [/^[0-9A-HJKMNP-TV-Z]{4,6}(?=\s+(?:red|late|orange|white|blue|done|dropped)\s)/gm, 'ID'],
  [/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'],
  [/\b\d{4}-\d\d-\d\d\b/g, 'DATE'],
  [/\b(pid|kill)([ =])\d+/g, '$1$2N'],
  [/\bfor \d+ (?:s|min|h|d)\b/g, 'for TIME'],
  [/\((?:[0-9a-f]{12}|no commit|working tree)(?:, changed)?\)/g, '(COMMIT)'],
  [/\/tmp\/[\w.-]+/g, '/tmp/TEMP'],
];

/** The text with what is volatile in it masked, for a comparison with another run. */
export function masked(text: string): string {
  return MASKS.reduce((left, [pattern, word]) => left.replaceAll(pattern, word), text);
}

/** Masked, and laid out alike: a page shows a terminal's columns, a test reads a pipe's tabs. */
export function alike(text: string): string {
  return masked(text)
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trimEnd())
    .join('\n');
}
