/** One thing that a search asks for: a word, or words that follow each other. */
export interface Term {
  /** Folded. */
  words: readonly string[];
  /** The last word may go on. */
  isPrefix: boolean;
  isExcluded: boolean;
}

/**
 * What a person typed into a search: words that must all be there, `"a phrase"`,
 * `begin*`, `-without`. Null when nothing is left to look for.
 */
export function parseSearch(text: string): Term[] | null {
  const terms = [...text.matchAll(/(-?)(?:"([^"]*)"?(\*?)|(\S+))/g)].flatMap((match): Term[] => {
    const words = [...wordsOf(match[2] ?? match[4] ?? '')].map(({ word }) => word);
    if (words.length === 0) return [];
    const isPrefix = match[3] === '*' || (match[4]?.endsWith('*') ?? false);
    return [{ words, isPrefix, isExcluded: match[1] === '-' }];
  });
  return terms.some(({ isExcluded }) => !isExcluded) ? terms : null;
}

/** The same in the language of SQLite's FTS5. */
export function ftsQuery(terms: readonly Term[]): string {
  const phrase = ({ words, isPrefix }: Term) => `"${words.join(' ')}"${isPrefix ? ' *' : ''}`;
  const wanted = terms.filter(({ isExcluded }) => !isExcluded).map(phrase);
  const unwanted = terms.filter(({ isExcluded }) => isExcluded).map(phrase);
  const all = `(${wanted.join(' AND ')})`;
  return unwanted.length === 0 ? all : `${all} NOT (${unwanted.join(' OR ')})`;
}

/** How much of a text a snippet shows around what was found, in UTF-16 units. */
const BEFORE = 30;
const AFTER = 70;

/** One line around the first place where a text has one of the terms; null where it has none. */
export function snippetOf(text: string, terms: readonly Term[]): string | null {
  const at = firstPlace(text, terms);
  if (at === null) return null;
  const from = at <= BEFORE ? 0 : edge(text, at - BEFORE, 1);
  const to = at + AFTER >= text.length ? text.length : edge(text, at + AFTER, -1);
  const line = text.slice(from, to).replaceAll(/\s+/g, ' ').trim();
  return `${from > 0 ? '…' : ''}${line}${to < text.length ? '…' : ''}`;
}

function firstPlace(text: string, terms: readonly Term[]): number | null {
  const wanted = terms.filter(({ isExcluded }) => !isExcluded);
  for (const { word, at } of wordsOf(text)) {
    const isFound = wanted.some(({ words, isPrefix }) => {
      const first = words[0] ?? '';
      return isPrefix && words.length === 1 ? word.startsWith(first) : word === first;
    });
    if (isFound) return at;
  }
  return null;
}

/** The nearest end of a word, so that none is cut; a cut never falls into a character. */
function edge(text: string, at: number, step: 1 | -1): number {
  for (let i = at; Math.abs(i - at) < BEFORE; i += step) {
    if (/\s/.test(text.charAt(i))) return i;
  }
  const isLow = (text.charCodeAt(at) & 0xfc00) === 0xdc00;
  return isLow ? at - 1 : at;
}

/** The words of a text, without letter case and accents, as the index has them. */
function* wordsOf(text: string): Generator<{ word: string; at: number }> {
  for (const match of text.matchAll(/[\p{L}\p{N}\p{M}\p{Co}]+/gu)) {
    yield { word: fold(match[0]), at: match.index };
  }
}

function fold(word: string): string {
  return word.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
