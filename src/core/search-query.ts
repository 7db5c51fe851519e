/** One thing that a search asks for: a word, or words that follow each other. */
export interface Term {
  /** As {@link searchable} has them. */
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
  const most = Math.max(...wanted.map(({ words }) => words.length));
  const last: Word[] = [];
  for (const word of wordsOf(text)) {
    if (last.push(word) > most) last.shift();
    for (const term of wanted) {
      const place = last.at(-term.words.length);
      if (place && endsWith(last, term)) return place.at;
    }
  }
  return null;
}

/** Whether the last words that were read are those of a term. */
function endsWith(read: readonly Word[], { words, isPrefix }: Term): boolean {
  return words.every((word, i) => {
    const found = read.at(i - words.length)?.word ?? '';
    return isPrefix && i === words.length - 1 ? found.startsWith(word) : found === word;
  });
}

/** The nearest end of a word, so that none is cut; a cut never falls into a character. */
function edge(text: string, at: number, step: 1 | -1): number {
  for (let i = at; Math.abs(i - at) < BEFORE; i += step) {
    if (/\s/.test(text.charAt(i))) return i;
  }
  const isLow = (text.charCodeAt(at) & 0xfc00) === 0xdc00;
  return isLow ? at - 1 : at;
}

interface Word {
  word: string;
  at: number;
}

/** In Chinese and Japanese, written without spaces, a letter is a word: so any part of a name is found. */
const ALONE = /[[\p{L}\p{N}]&&[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}]]\p{M}*/gv;
/** A mark is part of the word before it, whatever scripts share it: Kana have the dot below, too. */
const WORD = new RegExp(
  `${ALONE.source}|[[\\p{L}\\p{N}\\p{M}\\p{Co}]--[[\\p{L}\\p{N}]&&[\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}]]]+`,
  'gv',
);
const BETWEEN = /[^\p{L}\p{N}\p{M}\p{Co}]+/gu;
/** Accents and vowel points; of other scripts, marks are part of what is written. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1-\u05c7\u064b-\u065f\u0670]/g;

/** The words of a text as the index has them, and where they begin. */
function* wordsOf(text: string): Generator<Word> {
  for (const match of text.matchAll(WORD)) {
    const word = fold(match[0]);
    // An accent that stands on nothing is no word.
    if (word !== '') yield { word, at: match.index };
  }
}

/**
 * A text as it is indexed: the index makes the same words of it as of a query.
 * What is between words is taken out, since the index takes what is newer than
 * its own tables, such as many an emoji, for letters.
 */
export function searchable(text: string): string {
  return fold(text.replaceAll(BETWEEN, ' ')).replaceAll(ALONE, ' $& ');
}

/** Without letter case and accents. */
function fold(text: string): string {
  return text.normalize('NFD').replaceAll(ACCENTS, '').normalize('NFC').toLowerCase();
}
