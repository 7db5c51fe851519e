import * as z from 'zod';
import { LIMITS, NODE_KINDS, SOUGHT_MAX } from '#core/node.ts';
import { STATES } from '#core/task.ts';
import { DOC, EPOCH_MS, ID_PART, nodeRef, SHORT_ID, SHORT_IDS, ULID } from '#protocol/words.ts';

/** What holds of any node: it can be deleted, tagged, logged, linked and found. */
export const nodeDelete = {
  params: z.object({ ids: z.array(ID_PART).min(1).max(1000) }),
  result: z.object({ rows: z.array(nodeRef.extend({ tombstoned: z.boolean() })) }),
};

const TAGS = z.array(z.string()).min(1).max(LIMITS.tags);
export const tagChange = {
  params: z.object({ id: ID_PART, tags: TAGS }),
  result: nodeRef.extend({ tags: z.array(z.string()), updated_at: EPOCH_MS }),
};

export const tagList = {
  params: z.object({}),
  result: z.object({
    rows: z.array(
      z.object({
        tag: z.string(),
        nodes: z.int().describe('how many have it'),
        outstanding: z.int().describe('how many of these are outstanding tasks'),
      }),
    ),
  }),
};

const logEntry = z.object({ entry_id: ULID, at: EPOCH_MS, text: z.string() });

export const logAdd = {
  params: z.object({ id: ID_PART, text: z.string() }),
  result: nodeRef.extend(logEntry.shape),
};

export const logList = {
  params: z.object({ id: ID_PART }),
  result: nodeRef.extend({ rows: z.array(logEntry).describe('oldest first') }),
};

const link = z.object({
  target: z.string().describe('as it is written: a title or an id'),
  text: z.string().nullable().describe('what is shown for it, where that is something else'),
  node_id: ULID.nullable().describe('null: it leads nowhere yet'),
  kind: z.enum(NODE_KINDS).nullable(),
  title: z.string().nullable(),
});

export const linkList = {
  params: z.object({ id: DOC }),
  result: z.object({ rows: z.array(link).describe('in the order of the body') }),
};

export const linkBack = {
  params: z.object({ id: DOC }),
  result: z.object({ rows: z.array(nodeRef).describe('whose bodies link to it') }),
};

const hit = nodeRef.extend({
  state: z.enum(STATES).nullable().describe('of a task'),
  where: z.enum(['title', 'body', 'log']),
  snippet: z.string().describe('one line around the first place'),
  short_id: SHORT_ID,
});

export const searchNodes = {
  params: z.object({
    query: z
      .string()
      .max(SOUGHT_MAX)
      .describe('words that must all be there, "a phrase", begin*, -without'),
    limit: z.int().min(1).max(1000).optional(),
    short_ids: SHORT_IDS,
  }),
  result: z.object({ rows: z.array(hit).describe('the best first') }),
};
