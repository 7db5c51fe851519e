import * as z from 'zod';
import { NODE_KINDS } from '#core/node.ts';
import { EPOCH_MS, ID_PART, ULID } from '#protocol/words.ts';

const entry = z.object({
  seq: z.int().describe('rises with every entry of the change log'),
  node_id: ULID,
  kind: z.enum(NODE_KINDS),
  title: z.string().describe("the node's, as it is now"),
  field: z.string().describe('what of it was changed, such as `state`, `tag:home` or `body`'),
  value: z.unknown().describe('what it became; of a body, `{added, removed}` in characters'),
});
export type EntryRow = z.infer<typeof entry>;

const transaction = z.object({
  tx: z.int(),
  at: EPOCH_MS,
  origin: ULID.describe('the device it was made on'),
  method: z.string(),
  undoes: z.int().nullable().describe('the transaction it took back'),
  undone: z.boolean().describe('it was taken back itself'),
  changes: z.array(entry).describe('the first 100 of them'),
  count: z.int().describe('how many there are'),
});
export type TransactionRow = z.infer<typeof transaction>;

export const historyList = {
  params: z.object({
    id: ID_PART.optional().describe('only what touched this node'),
    limit: z.int().min(1).max(1000).optional(),
  }),
  result: z.object({ rows: z.array(transaction).describe('the newest first') }),
};

export const historyUndo = {
  params: z.object({}),
  result: z.object({
    undone: transaction.nullable().describe('what was taken back; null: there was nothing'),
  }),
};

/** What a subscription sends: the params of a notification `changed`, one an entry. */
const change = entry.extend({
  tx: z.int(),
  at: EPOCH_MS,
  origin: ULID,
  method: z.string(),
});
export type ChangeEvent = z.infer<typeof change>;

export const historyWatch = {
  params: z.object({
    since: z
      .int()
      .min(0)
      .optional()
      .describe('begin after this entry; when nothing is said, after the newest'),
  }),
  result: z.object({ seq: z.int().describe('the entry after which it begins') }),
};
