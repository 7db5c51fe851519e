import { deepEqual, equal, fail, ok } from 'node:assert/strict';
import { markdownWriter } from '#cli/export/markdown.ts';
import { isDay } from '#cli/import/civil.ts';
import { readHephFolder } from '#cli/import/heph.ts';
import { whyNot } from '#cli/import/limits.ts';
import type { ImportResult } from '#cli/import/reader.ts';
import { asRecord } from '#cli/record-fields.ts';
import { parseRecurrence } from '#core/recurrence.ts';
import type { NodeRecord } from '#protocol/records.ts';

export const WHEN_MS = Date.UTC(2026, 10, 27);

/** One that an import takes. */
export const RECORD = {
  kind: 'task',
  node_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  title: 'x',
  created_at: 1,
  updated_at: 2,
  tags: ['a'],
  body: 'b',
  log: [],
  tombstoned: false,
  state: 'outstanding',
  attention: 'white',
  do_on: null,
  late_from: '2026-11-27',
  recurrence: 'FREQ=DAILY',
  recur_from: 'done',
  project_id: null,
  project: null,
  key: null,
};

/** What an import gives, the daemon takes. */
export function expectTaken({ records, problems }: ImportResult): void {
  for (const record of records) {
    const why = asRecord(record);
    if (typeof why === 'string') fail(why);
    equal(whyNot(record), null);
    if (record.kind !== 'task') continue;
    for (const day of [record.do_on, record.late_from]) ok(day === null || isDay(day), `${day}`);
    const rule = record.recurrence;
    ok(rule === null || parseRecurrence(rule, record.recur_from, '2026-11-27') !== null, `${rule}`);
  }
  for (const { place, why } of problems) ok(place !== '' && why.startsWith('cannot'), why);
}

/** A folder of markdown holds all that a record holds. */
export async function expectSameFromMarkdown(records: readonly NodeRecord[]): Promise<void> {
  const write = markdownWriter();
  const files = records.map((record) => ({ ...write(record), mtimeMs: WHEN_MS }));
  deepEqual(await readHephFolder(files), { records, problems: [] });
}
