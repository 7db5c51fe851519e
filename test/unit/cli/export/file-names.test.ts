import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileNamer } from '#cli/export/file-names.ts';
import type { NodeRecord } from '#protocol/records.ts';
import { anyRecord, anyRecords } from '../import/records.ts';

const [ID, OTHER] = ['01ARYZ6S41ZZZZZZZZZZABCDEF', '01ARYZ6S42ZZZZZZZZZZABCDEF'];
const common = {
  node_id: ID,
  created_at: 0,
  updated_at: 0,
  tags: [],
  body: '',
  log: [],
  tombstoned: false,
};
const task = (title: string, project: string | null) =>
  ({
    ...fc.sample(
      anyRecord.filter(({ kind }) => kind === 'task'),
      { numRuns: 1, seed: 1 },
    )[0],
    ...common,
    title,
    project,
  }) as NodeRecord;
const doc = (title: string): NodeRecord => ({ kind: 'doc', ...common, title });
const journal: NodeRecord = { kind: 'journal', ...common, title: 'x', day: '2026-11-24' };

test.each<[NodeRecord, string]>([
  [task('Pay the Rent!', 'Home / Flat'), 'tasks/home-flat/pay-the-rent-ABCDEF.md'],
  [task('Pay', null), 'tasks/no project/pay-ABCDEF.md'],
  [task('Pay', 'no project'), 'tasks/no-project/pay-ABCDEF.md'],
  [task('Pay', 'CON'), 'tasks/con-/pay-ABCDEF.md'],
  [task('Pay', '😀'), 'tasks/project/pay-ABCDEF.md'],
  [doc('../../etc/passwd'), 'docs/etc-passwd-ABCDEF.md'],
  [doc('Überstunden: 日本語?'), 'docs/überstunden-日本語-ABCDEF.md'],
  [doc('u\u0308ber'), 'docs/über-ABCDEF.md'],
  [doc('😀'), 'docs/untitled-ABCDEF.md'],
  [doc('a'.repeat(1000)), `docs/${'a'.repeat(60)}-ABCDEF.md`],
  [{ kind: 'project', ...common, title: 'Home', archived: true }, 'projects/home-ABCDEF.md'],
  [journal, 'journal/2026-11-24.md'],
  [{ ...journal, tombstoned: true }, 'deleted/x-ABCDEF.md'],
])('%j', (record, path) => {
  expect(fileNamer()(record)).toBe(path);
});

test('where two would have one name, the second has its whole id', () => {
  const nameOf = fileNamer();
  expect(
    [doc('A'), { ...doc('a'), node_id: OTHER }, journal, { ...journal, node_id: OTHER }].map(
      nameOf,
    ),
  ).toEqual([
    'docs/a-ABCDEF.md',
    `docs/a-${OTHER}.md`,
    'journal/2026-11-24.md',
    `journal/2026-11-24-${OTHER}.md`,
  ]);
});

test('names are safe everywhere, and none is given twice', () => {
  fc.assert(
    fc.property(anyRecords, (records) => {
      const paths = records.map(fileNamer());
      expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(paths.length);
      for (const part of paths.flatMap((path) => path.split('/'))) {
        expect(part).not.toMatch(/[<>:"\\|?*\p{Cc}]|[. ]$|^\./u);
        expect(part).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
        expect(Buffer.byteLength(part)).toBeLessThanOrEqual(255);
      }
    }),
  );
});
