import * as z from 'zod';
import { ATTENTIONS, RECUR_FROM, STATES } from '#core/task.ts';

const EPOCH_MS = z.int().min(0).describe('epoch milliseconds');
const CIVIL_DATE = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .describe('a day, YYYY-MM-DD');
const ULID = z
  .string()
  .regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
  .describe('ULID');

const logEntry = z.strictObject({
  entry_id: ULID,
  at: EPOCH_MS,
  text: z.string(),
});

const common = {
  node_id: ULID,
  title: z.string(),
  created_at: EPOCH_MS,
  updated_at: EPOCH_MS,
  tags: z.array(z.string()),
  body: z.string(),
  log: z.array(logEntry).describe('oldest first'),
  tombstoned: z.boolean(),
};

/**
 * A node whole, as it goes out in an export and comes in with an import: all
 * there is of it but its history. The JSON export is a list of these, and every
 * other format is read into them.
 */
export const nodeRecord = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('task'),
    ...common,
    state: z.enum(STATES),
    attention: z.enum(ATTENTIONS),
    do_on: CIVIL_DATE.nullable(),
    late_from: CIVIL_DATE.nullable(),
    recurrence: z.string().nullable().describe('RFC 5545 RRULE'),
    recur_from: z.enum(RECUR_FROM),
    project_id: ULID.nullable(),
    project: z
      .string()
      .nullable()
      .describe('its name: found or made where project_id is null or names nothing'),
    key: z.string().nullable(),
  }),
  z.strictObject({ kind: z.literal('project'), ...common, archived: z.boolean() }),
  z.strictObject({ kind: z.literal('doc'), ...common }),
  z.strictObject({ kind: z.literal('journal'), ...common, day: CIVIL_DATE }),
]);
export type NodeRecord = z.infer<typeof nodeRecord>;
