import { deepEqual, equal, ok } from 'node:assert/strict';
import { partFrontMatter } from '#cli/import/front-matter.ts';
import { readHephFolder } from '#cli/import/heph.ts';
import { tagsOf, titleOf } from '#cli/import/limits.ts';
import { readVault } from '#cli/import/obsidian.ts';
import { mapProse } from '#cli/import/prose.ts';
import { asRecord } from '#cli/record-fields.ts';
import { checkTags, checkTitle } from '#core/text.ts';
import { expectSameFromMarkdown, expectTaken, RECORD, WHEN_MS } from './imported-records.ts';
import type { Readers } from './reader.ts';

const MARKDOWN = [
  '---\n',
  '\n---\n',
  'title: ',
  'tags: [',
  ']',
  'aliases: a, b',
  '\n',
  'created: 2026-11-27',
  'created: 1969-12-31',
  '[[',
  ']]',
  '|',
  '#',
  '![',
  '](',
  'a.md',
  ')',
  '`',
  '```',
  '> ',
  '- ',
  '#tag',
  '%20',
  '<',
  '>',
  '\\|',
  '| ',
  '../',
  '"',
  "'",
  ': ',
  '&a ',
  '*a',
  '<<: ',
  '!!binary ',
  '? ',
  '\r\n',
  '\u001c',
];

/** Notes in folders, of heph and of others. */
export const READERS: Readers = {
  'heph folder': {
    read: async (text) => {
      const { records } = await readHephFolder([{ path: 'a.md', text, mtimeMs: WHEN_MS }]);
      for (const record of records) equal(typeof asRecord(record), 'object');
      await expectSameFromMarkdown(records);
    },
    words: [
      ...MARKDOWN,
      ...Object.entries({ heph: 1, ...RECORD, body: undefined }).map(
        ([name, value]) => `${name}: ${JSON.stringify(value)}\n`,
      ),
    ],
  },
  vault: {
    read: async (text) => {
      const [path = '', ...texts] = text.split('§');
      const paths = [
        'Note.md',
        'folder/Note.md',
        `${path.replaceAll('\0', '')}.md`,
        '2026-11-27.md',
        'folder/2026-11-27.md',
      ];
      const files = texts.map((each, i) => ({
        path: paths[i % 5] ?? '',
        text: each,
        mtimeMs: WHEN_MS,
      }));
      const result = await readVault(files, 'vault');
      expectTaken(result);
      deepEqual(await readVault(files, 'vault'), result);
      for (const { body } of result.records) {
        // Links are written anew; all else stays as it was.
        const isOfNote = texts.some((each) => each.replace(/^\uFEFF/, '').endsWith(body));
        ok(body.includes('[') || isOfNote, `${body} is of no note`);
      }
    },
    words: [
      '§',
      '§---\n',
      'Note',
      'folder/',
      '2026-11-27',
      '[[Note]]',
      '[[folder/Note#Heading|text]]',
      '[text](Note.md)',
      ...MARKDOWN,
    ],
  },
  'front matter': {
    read: async (text) => {
      const { head, body, fields, problem } = await partFrontMatter(text);
      equal(head + body, text);
      if (fields !== null) ok(head !== '' && problem === null);
      if (problem !== null)
        ok(problem.line >= 1 && problem.line <= head.split('\n').length, `line ${problem.line}`);
    },
    words: MARKDOWN,
  },
  prose: {
    read: (text) => {
      equal(
        mapProse(text, (prose) => prose),
        text,
      );
      let at = 0;
      mapProse(text, (prose) => {
        at = text.indexOf(prose, at);
        ok(at !== -1, `${prose} is not there`);
        return prose;
      });
    },
    words: ['`', '``', '```', '~~~', '\n', ' ', '> ', '- ', '1. ', 'a', '\t', '\r\n'],
  },
  'title and tags': {
    read: (text) => {
      checkTitle(titleOf(text).title, 'title');
      checkTags(tagsOf(text.split(',')).tags);
      equal(titleOf(titleOf(text).title).title, titleOf(text).title);
    },
    words: [
      'a',
      ',',
      ' ',
      '\u0000',
      '\u0085',
      '\u2028',
      '\u00a0',
      '👩‍👩‍👧',
      '\ud800',
      'x'.repeat(300),
      '\ufeff',
    ],
  },
};
