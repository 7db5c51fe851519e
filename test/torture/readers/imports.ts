import { deepEqual, ok } from 'node:assert/strict';
import { readHephJson } from '#cli/import/heph.ts';
import { readJson } from '#cli/import/json.ts';
import { readTaskwarrior } from '#cli/import/taskwarrior.ts';
import { readTodotxt } from '#cli/import/todotxt.ts';
import { expectSameFromMarkdown, expectTaken, RECORD } from './imported-records.ts';
import type { Readers } from './reader.ts';

const FIELDS = Object.entries(RECORD).map(([name, value]) => `"${name}":${JSON.stringify(value)}`);

/** What other programs wrote, and heph itself. */
export const READERS: Readers = {
  json: {
    read: (text) => {
      const { problem } = readJson(text, 'a.json');
      if (problem === null) return;
      const [, line] = /line (\d+), column \d+$/.exec(problem.place) ?? [];
      ok(Number(line) >= 1 && Number(line) <= text.split('\n').length, problem.place);
    },
    words: [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '\\u00',
      '"a"',
      '1',
      '-',
      '.5',
      'e+',
      'true',
      'null',
      '\n',
      '\u00a0',
      '\u0001',
    ],
  },
  taskwarrior: {
    read: (text) => expectTaken(readTaskwarrior(text, 'tasks.json', 'Europe/Berlin')),
    words: [
      '[',
      ']',
      '{',
      '}',
      ',',
      '\n',
      '"uuid":"a"',
      '"uuid":"b"',
      '"description":"x"',
      '"entry":"20261127T000000Z"',
      '"status":"pending"',
      '"status":"recurring"',
      '"status":"completed"',
      '{"uuid":"a","description":"x","entry":"20261127T000000Z","status":"recurring","recur":"P1Y","due":"20281127T000000Z"',
      '"due":"99991231T000000Z"',
      '"wait":"20261127T000000Z"',
      '"recur":"P1Y"',
      '"recur":"9999y"',
      '"until":"20271127T000000Z"',
      '"mask":"-----"',
      '"parent":"a"',
      '"imask":1',
      '"annotations":[{"entry":"20261127T000000Z","description":"y"}]',
      '"depends":"a,b"',
      '"depends":["a"]',
      '"tags":["t","u v"]',
      '"project":"p.q"',
      '"priority":"H"',
      '"modified":"20261128T000000Z"',
      '"end":"20261127T000000Z"',
    ],
  },
  'todo.txt': {
    read: (text) => expectTaken(readTodotxt(text, 'todo.txt')),
    words: [
      'x ',
      '(A) ',
      '2026-11-27 ',
      '1969-12-31 ',
      '+project',
      '@context',
      'due:',
      '2026-12-24',
      't:',
      'rec:+1m',
      'rec:1b',
      'pri:B',
      '\n',
      'h:1',
      'key:value',
      ' ',
      '\r\n',
      '9999-12-31 ',
    ],
  },
  'heph export': {
    read: async (text) => {
      const result = readHephJson(text, 'heph.json');
      expectTaken(result);
      const head = { heph_export: 1, version: '1', exported_at: 1, owner_id: RECORD.node_id };
      const again = readHephJson(JSON.stringify({ ...head, nodes: result.records }), 'heph.json');
      deepEqual(again, { records: result.records, problems: [] });
      await expectSameFromMarkdown(result.records);
    },
    words: [
      '{"heph_export":1,"nodes":[',
      '{',
      '}',
      ']}',
      ',',
      ...FIELDS,
      JSON.stringify(RECORD),
      '"kind":"doc"',
      '"kind":"journal"',
      '"day":"2026-11-27"',
      '"kind":"project","archived":true',
      '"log":[{"entry_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","at":0,"text":"y"}]',
    ],
  },
};
