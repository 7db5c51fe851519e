import type { ImportProblem } from '#cli/import/reader.ts';

/** A text as JSON, or where it stops being JSON. */
export function readJson(
  text: string,
  name: string,
): { value: unknown; problem: null } | { problem: ImportProblem } {
  try {
    return { value: JSON.parse(text) as unknown, problem: null };
  } catch {
    const before = text.slice(0, brokenAt(text)).split('\n');
    const column = (before.at(-1) ?? '').length + 1;
    const place = `${name}, line ${before.length}, column ${column}`;
    const why = 'cannot read this as JSON: it is damaged or cut off here; nothing was taken of it';
    return { problem: { place, why } };
  }
}

const SPACE = /[ \t\r\n]*/y;
/**
 * The runs of a string's characters are atomic, `(?=(…))\1`: one that is not closed
 * would otherwise be tried in as many ways as it can be cut into runs.
 */
const TOKEN =
  /[{}[\],:]|"(?:(?=([^"\\\u0000-\u001f]+|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})))\1)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** What may come: a value, a key, the colon after it, what follows a value. */
type Wanted = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'more';

/**
 * Index of the first word that cannot stand where it does; the length of the
 * text where only the rest is missing. The engines that heph runs on tell it in
 * different words, or not at all.
 */
function brokenAt(text: string): number {
  const open: string[] = [];
  let wanted: Wanted | null = 'value';
  for (let at = 0; ;) {
    SPACE.lastIndex = at;
    at += SPACE.exec(text)?.[0].length ?? 0;
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    wanted = token === undefined ? null : after(token, wanted, open);
    if (token === undefined || wanted === null) return at;
    at += token.length;
  }
}

/** What may come after a word; null where the word may not come. */
function after(token: string, wanted: Wanted, open: string[]): Wanted | null {
  const isInside = open.at(-1);
  if (token === '}' || token === ']') {
    const may = token === '}' ? 'key or }' : 'value or ]';
    if (wanted !== may && wanted !== 'more') return null;
    return open.pop() === (token === '}' ? '{' : '[') ? 'more' : null;
  }
  if (token === ':') return wanted === 'colon' ? 'value' : null;
  if (token === ',') {
    if (wanted !== 'more' || isInside === undefined) return null;
    return isInside === '{' ? 'key' : 'value';
  }
  if (wanted === 'key' || wanted === 'key or }') return token.startsWith('"') ? 'colon' : null;
  if (wanted !== 'value' && wanted !== 'value or ]') return null;
  if (token !== '{' && token !== '[') return 'more';
  open.push(token);
  return token === '{' ? 'key or }' : 'value or ]';
}
