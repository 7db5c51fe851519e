import fc from 'fast-check';
import { ulid } from '#core/ids.ts';
import { ATTENTIONS, STATES } from '#core/task.ts';
import type { NodeRecord } from '#protocol/records.ts';

/** Pieces that formats trip over. */
const AWKWARD = [
  '---',
  '---\n',
  '\r\n',
  '\n',
  '\t',
  '"',
  "'",
  '\\',
  ': ',
  ' #',
  '- ',
  '[[',
  '|',
  '&a *a !!x',
  'log:\n  - entry_id: x',
  '```',
  '\u200f',
  '\u202e',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\u0000',
  '\uffff',
  '😀',
  'é',
  'null',
  '~',
];
const pieces = fc.oneof(fc.constantFrom(...AWKWARD), fc.string({ unit: 'binary', maxLength: 8 }));
/** Any text that is one in UTF-8. */
export const texts = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(''));
/** As the daemon keeps them: one line, trimmed. */
const lines = texts.map((text) => text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, '').trim() || 'x');
const words = lines.map((line) => line.replaceAll(/\s/g, '') || 'x');
const moments = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 42 }),
  fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
);
const ids = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 48 - 1 }), fc.uint8Array({ minLength: 10, maxLength: 10 }))
  .map(([ms, chance]) => ulid(ms, chance));
const days = fc
  .integer({ min: -25_000, max: 50_000 })
  .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const common = {
  node_id: ids,
  title: lines,
  created_at: moments,
  updated_at: moments,
  tags: fc.uniqueArray(words, { maxLength: 4 }),
  body: texts,
  log: fc.array(fc.record({ entry_id: ids, at: moments, text: texts }), { maxLength: 3 }),
  tombstoned: fc.boolean(),
};

/** Any node that a store could hold. */
export const anyRecord: fc.Arbitrary<NodeRecord> = fc.oneof(
  fc.record({
    kind: fc.constant('task' as const),
    ...common,
    state: fc.constantFrom(...STATES),
    attention: fc.constantFrom(...ATTENTIONS),
    do_on: orNull(days),
    late_from: orNull(days),
    recurrence: orNull(lines),
    recur_from: fc.constantFrom('schedule' as const, 'done' as const),
    project_id: orNull(ids),
    project: orNull(lines),
    key: orNull(lines),
  }),
  fc.record({ kind: fc.constant('project' as const), ...common, archived: fc.boolean() }),
  fc.record({ kind: fc.constant('doc' as const), ...common }),
  fc.record({ kind: fc.constant('journal' as const), ...common, day: days }),
);

/** Any nodes, none twice. */
export const anyRecords = fc.uniqueArray(anyRecord, {
  maxLength: 6,
  selector: (record) => record.node_id,
});
