import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Change } from '#core/change.ts';
import { hlcMs } from '#core/hlc.ts';
import { applySplice } from '#core/splice.ts';
import { applyChange } from '#store/apply.ts';
import { Core, dump } from '../../support/builders.ts';
import { step, take } from '../../support/steps.ts';

const TABLES = ['nodes', 'bodies', 'projects', 'journals', 'tasks', 'tags', 'log_entries', 'links'];

interface Entry {
  node: string;
  field: string;
  value: string | null;
  back: string | null;
  hlc: string;
}

/** Every entry as the change it was; a body's text follows from the entries after it. */
function changesOf(core: Core): { change: Change; atMs: number }[] {
  const rows = core.db
    .prepare('SELECT c.*, t.hlc FROM changes c JOIN transactions t USING (tx) ORDER BY seq')
    .all() as Entry[];
  const last = core.db.prepare('SELECT id, text FROM bodies JOIN nodes USING (n)').all() as {
    id: string;
    text: string;
  }[];
  const bodies = new Map(last.map(({ id, text }) => [id, text]));
  const changes = rows.toReversed().map(({ node, field, value, back, hlc }) => {
    const atMs = hlcMs(hlc);
    if (field !== 'body')
      return { change: { node, field, value: JSON.parse(value ?? '') } as Change, atMs };
    const text = bodies.get(node) ?? '';
    bodies.set(node, applySplice(text, JSON.parse(back ?? '')));
    const change: Change = { node, field: 'body', value: text };
    return { change, atMs };
  });
  expect([...bodies.values()].filter((text) => text !== '')).toEqual([]);
  return changes.toReversed();
}

test('replaying the change log rebuilds every table', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      await using core = new Core();
      for (const one of steps) await take(core, one);
      expect(core.internalErrors).toEqual([]);

      await using rebuilt = new Core();
      for (const { change, atMs } of changesOf(core)) applyChange(rebuilt.sql, change, atMs);
      expect(dump(rebuilt.db, TABLES)).toEqual(dump(core.db, TABLES));
    }),
    { numRuns: 60 },
  );
});
