/** Stands for an id: no page says this by itself. */
export const ID = '⟨id⟩';

const LETTER = '[0-9A-HJKMNP-TV-Z]';
const WHOLE_ID = String.raw`\b${LETTER}{26}\b`;
const DAY = String.raw`\d{4}-\d\d-\d\d`;

/** In a list an id is short, and stands first; what follows says that it is a list. */
const KINDS = 'red|late|orange|white|blue|done|dropped|task|doc|journal|project';
const SHORT_ID = String.raw`^${LETTER}{4,6}(?=\s+(?:${KINDS}|${DAY})\s)`;

const IDS = new RegExp(`${WHOLE_ID}|${SHORT_ID}`, 'gm');

/** What differs from one run to the next, and what stands for it. */
const MASKS: readonly [RegExp, string][] = [
  [IDS, ID],
  [new RegExp(`-${LETTER}{6}(?=\\.md\\b)`, 'g'), '-END'],
  [new RegExp(`\\b${DAY}T[\\d:.]+Z`, 'g'), 'TIME'],
  [new RegExp(`\\b${DAY}T[\\d-]+(?=\\.db\\b)`, 'g'), 'TIME'],
  [new RegExp(`\\b${DAY} \\d\\d:\\d\\d\\b`, 'g'), 'TIME'],
  [new RegExp(`\\b${DAY}\\b`, 'g'), 'DATE'],
  [/\b(pid|kill)([ =])\d+/g, '$1$2N'],
  [/\bfor \d+ (?:s|min|h|d)\b/g, 'for TIME'],
  [/\((?:[0-9a-f]{12}|no commit|working tree)(?:, changed)?\)/g, '(COMMIT)'],
  [/\/tmp\/[\w.-]+/g, '/tmp/TEMP'],
];

/** The ids in a text, in order: those that {@link masked} puts {@link ID} in place of. */
export function idsIn(text: string): string[] {
  return text.match(IDS) ?? [];
}

/** The text with what is volatile in it masked, for a comparison with another run. */
export function masked(text: string): string {
  return MASKS.reduce((left, [pattern, word]) => left.replaceAll(pattern, word), text);
}

/**
 * Masked, and laid out alike: a page shows a terminal's columns, and the reason
 * for a row below it; a test reads a pipe's tabs.
 */
export function alike(text: string): string {
  return masked(text)
    .replaceAll(/\n {10,}(?=\S)/g, ' ')
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trimEnd())
    .join('\n');
}
