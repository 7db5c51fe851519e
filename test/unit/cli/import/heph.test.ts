import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonExport, type ExportHead } from '#cli/export/json.ts';
import { markdownWriter } from '#cli/export/markdown.ts';
import { readHephFolder, readHephJson } from '#cli/import/heph.ts';
import type { NodeRecord } from '#protocol/records.ts';
import { anyRecords } from './records.ts';

const HEAD: ExportHead = {
  heph_export: 1,
  version: '0.1.0',
  exported_at: 1_795_561_713_000,
  owner_id: '01ARYZ6S41ZZZZZZZZZZZZZZZZ',
};
const DOC: NodeRecord = {
  kind: 'doc',
  node_id: '01ARYZ6S41ZZZZZZZZZZZZZZZZ',
  title: 'Plan: "A"',
  created_at: 1_469_918_176_385,
  updated_at: 1_469_918_176_386,
  tags: ['a'],
  body: '# Plan\n',
  log: [{ entry_id: '01ARYZ6S42ZZZZZZZZZZZZZZZZ', at: 5, text: 'two\nlines' }],
  tombstoned: false,
};

async function asJson(...pages: NodeRecord[][]): Promise<string> {
  const given = (async function* () {
    yield* pages;
  })();
  return (await Array.fromAsync(jsonExport(HEAD, given))).join('');
}

/** Through bytes, as a disk would have it. */
function asFolder(records: NodeRecord[]) {
  const write = markdownWriter();
  return records.map(write).map(({ path, text }) => {
    const bytes = new TextEncoder().encode(text);
    return { path, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), mtimeMs: 0 };
  });
}

describe('what was exported comes back as it was', () => {
  test('as JSON', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecords, anyRecords, async (first, second) => {
        const ids = new Set(first.map((record) => record.node_id));
        const rest = second.filter((record) => !ids.has(record.node_id));
        const read = readHephJson(await asJson(first, [], rest), 'export.json');
        expect(read).toEqual({ records: [...first, ...rest], problems: [] });
      }),
    );
  });

  test('as markdown', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecords, async (records) => {
        expect(await readHephFolder(asFolder(records))).toEqual({ records, problems: [] });
      }),
      { numRuns: 100 },
    );
  });

  test('a line a record, so that two exports can be compared', async () => {
    expect(await asJson([DOC, DOC])).toBe(
      `${JSON.stringify(HEAD).slice(0, -1)},"nodes":[\n${JSON.stringify(DOC)},\n${JSON.stringify(DOC)}\n]}\n`,
    );
  });
});

describe('JSON that is not taken', () => {
  test.each([
    ['cut off', (json: string) => json.slice(0, -30), 'export.json, line 2, column 223', 'damaged'],
    ['no export', () => '[]', 'export.json', '"heph_export" is not 1'],
    ['nothing', () => 'null', 'export.json', '"heph_export" is not 1'],
    [
      'of a later heph',
      (json: string) => json.replace('export":1', 'export":2'),
      'export.json',
      '"heph_export" is not 1',
    ],
    [
      'with more at its head',
      (json: string) => json.replace('{', '{"x":1,'),
      'export.json',
      'heph knows no "x"',
    ],
    [
      'a node of an unknown kind',
      (json: string) => json.replace('"doc"', '"event"'),
      'export.json, record 1',
      'the kind "event"',
    ],
    [
      'an unknown field',
      (json: string) => json.replace('"kind"', '"colour":1,"kind"'),
      'export.json, record 1',
      'cannot take "colour" of a doc',
    ],
    [
      'a missing field',
      (json: string) => json.replace('"title":', '"tittle":'),
      'export.json, record 1',
      'cannot take a doc without "title"',
    ],
    [
      'a wrong type',
      (json: string) => json.replace('["a"]', '"a"'),
      'export.json, record 1',
      'cannot take "a" as "tags" of a doc: it must be a list of texts',
    ],
    [
      'an unknown field of the log',
      (json: string) => json.replace('"at":5', '"at":5,"by":"me"'),
      'export.json, record 1',
      'as "log" of a doc',
    ],
    [
      'an empty title',
      (json: string) => json.replace(String.raw`"Plan: \"A\""`, '""'),
      'export.json, record 1',
      'as a title',
    ],
  ])('%s', async (_, damage, place, why) => {
    const { records, problems } = readHephJson(damage(await asJson([DOC])), 'export.json');
    expect(records).toEqual([]);
    expect(problems).toEqual([{ place, why: expect.stringContaining(why) as string }]);
  });

  test('one that is bad, and one that comes twice, do not keep out the rest', async () => {
    const other = { ...DOC, node_id: '01ARYZ6S43ZZZZZZZZZZZZZZZZ' };
    const bad = { ...DOC, kind: 'event' } as unknown as NodeRecord;
    const { records, problems } = readHephJson(
      `\uFEFF${await asJson([bad, DOC, DOC, other])}`,
      'e',
    );
    expect(records).toEqual([DOC, other]);
    expect(problems.map(({ place }) => place)).toEqual(['e, record 1', 'e, record 3']);
  });
});

describe('markdown', () => {
  const [file] = asFolder([DOC]);
  const text = file?.text ?? '';

  test('has every field at its head and the body below', () => {
    expect(text).toBe(`---
heph: 1
kind: doc
node_id: "01ARYZ6S41ZZZZZZZZZZZZZZZZ"
title: "Plan: \\"A\\""
created_at: "2016-07-30T22:36:16.385Z"
updated_at: "2016-07-30T22:36:16.386Z"
tags: ["a"]
tombstoned: false
log:
  - entry_id: "01ARYZ6S42ZZZZZZZZZZZZZZZZ"
    at: "1970-01-01T00:00:00.005Z"
    text: "two\\nlines"
---
# Plan
`);
  });

  test('holds only characters that any reader of YAML takes', () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        for (const written of asFolder(records.map((record) => ({ ...record, body: '' })))) {
          expect(written.text).not.toMatch(
            /[^\n -~\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u,
          );
          expect(written.text).not.toMatch(/[\u2028\u2029\ufeff]/);
        }
      }),
    );
  });

  test('may have been edited by hand, and with other ends of lines', async () => {
    const edited = text
      .replace('"Plan: \\"A\\""', '\'Plan: "A"\'  # better so')
      .replaceAll('\n', '\r\n');
    const { records, problems } = await readHephFolder([
      { path: 'a.md', text: edited, mtimeMs: 0 },
    ]);
    expect({ records, problems }).toEqual({
      records: [{ ...DOC, body: '# Plan\r\n' }],
      problems: [],
    });
  });

  test.each([
    ['a note of somebody else', '# Hello\n', 'a.md', 'does not say "heph: 1"'],
    [
      'front matter that is damaged',
      text.replace('["a"]', '["a"'),
      'a.md:9',
      'cannot read the front matter: ',
    ],
    ['front matter without end', text.replaceAll('---', '--'), 'a.md', 'does not say "heph: 1"'],
    [
      'a field that heph does not know',
      text.replace('tags:', 'colour: 1\ntags:'),
      'a.md',
      'cannot take "colour" of a doc',
    ],
    [
      'a day that is none',
      text.replace('"2016-07-30T22:36:16.385Z"', 'yesterday'),
      'a.md',
      'as "created_at" of a doc: it must be a moment',
    ],
  ])('does not take %s', async (_, damaged, place, why) => {
    const { records, problems } = await readHephFolder([
      { path: 'a.md', text: damaged, mtimeMs: 0 },
    ]);
    expect(records).toEqual([]);
    expect(problems).toEqual([{ place, why: expect.stringContaining(why) as string }]);
  });
});
