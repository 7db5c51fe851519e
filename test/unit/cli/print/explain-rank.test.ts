import { expect, test } from 'vitest';
import { explainRank } from '#cli/print/explain-rank.ts';
import type { RankedRow } from '#protocol/tasks.ts';

const base = { do_on: null, late_from: null, created_at: Date.parse('2026-11-01T12:00:00Z') };

test.each([
  [{ tier: 'red' }, 'red: now, before everything; no date, filed 2026-11-01'],
  [{ tier: 'late', late_from: '2026-11-18' }, 'late from today: before all but red'],
  [{ tier: 'late', late_from: '2026-11-17' }, 'late since 2026-11-17 (1 day): before all but red'],
  [
    { tier: 'late', late_from: '2026-10-18', do_on: '2026-11-18' },
    'late since 2026-10-18 (31 days): before all but red',
  ],
  [{ tier: 'orange', late_from: '2026-11-30' }, 'orange: needs you soon; late from 2026-11-30'],
  [{ tier: 'red', late_from: '2026-11-01' }, 'red: now, before everything; late from 2026-11-01'],
  [{ tier: 'white', do_on: '2026-11-16' }, 'white: normal; to do since 2026-11-16 (2 days)'],
  [{ tier: 'blue' }, 'blue: on deck, after the rest; no date, filed 2026-11-01'],
])('%j', (fields, reason) => {
  expect(explainRank({ ...base, ...fields } as RankedRow, '2026-11-18')).toBe(reason);
});
