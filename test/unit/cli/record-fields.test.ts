import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asRecord, RECORD_FIELDS } from '#cli/record-fields.ts';
import { NODE_KINDS } from '#core/node.ts';
import { nodeRecord } from '#protocol/records.ts';
import { anyRecord } from './import/records.ts';

test('any node is one to the client and to the schema', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      expect(asRecord(record)).toBe(record);
      expect(nodeRecord.parse(record)).toEqual(record);
    }),
  );
});

test('the client has the fields of the schema', () => {
  const schemas = nodeRecord.options.map(({ shape }) => [shape.kind.value, Object.keys(shape)]);
  const fields = NODE_KINDS.map((kind) => [kind, ['kind', ...Object.keys(RECORD_FIELDS[kind])]]);
  const sorted = (entries: unknown[][]) =>
    Object.fromEntries(entries.map(([kind, names]) => [kind, (names as string[]).toSorted()]));
  expect(sorted(fields)).toEqual(sorted(schemas));
});

test('what one of them refuses, the other refuses as well', () => {
  const values = fc.constantFrom<unknown[]>(
    undefined,
    null,
    0,
    -1,
    1.5,
    '',
    'x',
    true,
    [],
    [1],
    ['a'],
    {},
    '2026-01-01',
    'done',
    'red',
    [{ entry_id: '01ARYZ6S41ZZZZZZZZZZZZZZZZ', at: 0, text: '' }],
    [{ entry_id: '01ARYZ6S41ZZZZZZZZZZZZZZZZ', at: 0, text: '', by: '' }],
    '01ARYZ6S41ZZZZZZZZZZZZZZZZ',
  );
  const names = fc.constantFrom(
    'kind',
    'colour',
    ...Object.keys(RECORD_FIELDS.task),
    'archived',
    'day',
  );
  fc.assert(
    fc.property(anyRecord, names, values, fc.boolean(), (record, field, value, leaveOut) => {
      const changed: Record<string, unknown> = { ...record, [field]: value };
      if (leaveOut) delete changed[field];
      else if (value === undefined) return;
      expect(typeof asRecord(changed) !== 'string').toBe(nodeRecord.safeParse(changed).success);
    }),
    { numRuns: 2000 },
  );
});
