import { deepEqual, equal, ok } from 'node:assert/strict';
import Database from 'better-sqlite3';
import { HephError } from '#core/errors.ts';
import { idPart } from '#core/ids.ts';
import { ftsQuery, parseSearch, searchable, snippetOf } from '#core/search-query.ts';
import { applySplice, spliceBetween } from '#core/splice.ts';
import {
  appendLines,
  checkBody,
  checkKey,
  checkLogText,
  checkTag,
  checkTitle,
  nameOf,
} from '#core/text.ts';
import { isLinkable, linksIn, linkText, relinked } from '#core/wiki-links.ts';
import { LineReader, LineTooLongError } from '#protocol/framing.ts';
import { sql as notes } from '#store/migrations/0002-notes.ts';
import type { Readers } from './reader.ts';

/** Where the store looks for words, and nothing else of it. */
const db = new Database(':memory:');
db.exec(/CREATE VIRTUAL TABLE search[^;]*;/.exec(notes)?.[0] ?? '');
const put = db.prepare(
  'INSERT OR REPLACE INTO search (rowid, title, body, log) VALUES (1, ?, ?, ?)',
);
const found = db.prepare('SELECT count(*) FROM search WHERE search MATCH ?').pluck();

/** What people write: titles, bodies, queries; and how texts travel, and are kept. */
export const READERS: Readers = {
  links: {
    read: (body) => {
      let at = 0;
      for (const { start, end, target, text, bar } of linksIn(body)) {
        ok(start >= at && body.startsWith('[[', start) && body.endsWith(']]', end));
        at = end;
        const [again] = linksIn(linkText(target, text, bar));
        // No other is ever written: what cannot stand in a link is linked to by its id.
        const isWritten = isLinkable(target) && text !== target;
        if (isWritten) deepEqual([again?.target, again?.text], [target, text]);
      }
      equal(
        relinked(body, ({ start, end }) => body.slice(start, end)),
        body,
      );
    },
    words: ['[[', ']]', '|', '`', '```', '~~~', '\n', '\\', '\\|', '[', 'Title', '#', '[[a|b]]'],
  },
  search: {
    read: (text) => {
      const terms = parseSearch(text);
      put.run('', searchable(text), '');
      if (terms === null) return;
      const isFound = found.get(ftsQuery(terms)) === 1;
      const isWanted = terms.every(({ isExcluded }) => !isExcluded);
      if (isWanted) ok(isFound, `a text does not have its own words: ${JSON.stringify(terms)}`);
      if (isFound) ok(snippetOf(text, terms) !== null, 'what is found cannot be shown');
    },
    words: [
      '"',
      '*',
      '-',
      ' ',
      'word',
      'Äpfel',
      'e\u0301',
      '日本',
      'かな',
      'ー',
      '\u05d0\u05b0',
      '²',
      '\ue000',
      'AND',
      'NEAR(',
      '-"',
    ],
  },
  splice: {
    read: (text) => {
      const [from = '', to = ''] = text.split('→');
      const splice = spliceBetween(from, to);
      equal(applySplice(from, splice), to);
      equal(applySplice(to, spliceBetween(to, from)), from);
      ok(splice.at >= 0 && splice.cut >= 0 && splice.at + splice.cut <= from.length);
    },
    words: ['→', 'a', 'aa', 'ab', 'b\n', '👩‍👩‍👧‍👦', '\ud83d', '\udc69', 'e\u0301'],
  },
  framing: {
    read: (text) => {
      const bytes = Buffer.from(text);
      const whole = new LineReader(1e6).push(bytes);
      deepEqual(whole, bytes.toString().split('\n').slice(0, -1));
      deepEqual(inPieces(bytes, 1e6), whole);
      const most = text.length % 50;
      // What is too long is so however it comes.
      let isTooLong = false;
      try {
        new LineReader(most).push(bytes);
      } catch (error) {
        isTooLong = error instanceof LineTooLongError;
      }
      if (!isTooLong) deepEqual(inPieces(bytes, most), whole);
      else inPieces(bytes, most);
    },
    words: ['\n', '\r\n', '{"id":1}', 'ü', '👩', '\ud800', '\n\n', 'x'.repeat(48)],
    refusals: [LineTooLongError],
  },
  fields: {
    read: (text) => {
      for (const check of [checkTitle, checkTag, checkKey, checkBody, checkLogText]) {
        const kept = valueOf(() => check(text, 'title'));
        if (kept !== null) equal(check(kept, 'title'), kept);
      }
      equal(nameOf(text.normalize('NFD')), nameOf(text.normalize('NFC')));
      ok(text === '' || appendLines(text, text).endsWith('\n'));
      const part = idPart(text);
      if (part !== null) equal(idPart(part), part);
    },
    words: [
      'a',
      ' ',
      '\t',
      '\u00a0',
      '\u2028',
      '\u0085',
      '01ARZ3NDEK',
      'ol',
      'İ',
      'ß',
      '\ufeff',
      'x'.repeat(400),
    ],
  },
};

/** In pieces whose lengths the bytes themselves say. */
function inPieces(bytes: Uint8Array, bytesMax: number): string[] {
  const reader = new LineReader(bytesMax);
  const lines: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + ((bytes[at] ?? 0) % 7);
    lines.push(...reader.push(bytes.subarray(at, end)));
    at = end;
  }
  return lines;
}

/** Null where it is refused. */
function valueOf(check: () => string): string | null {
  try {
    return check();
  } catch (error) {
    if (error instanceof HephError) return null;
    throw error;
  }
}
