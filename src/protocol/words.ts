import * as z from 'zod';
import { LIMITS, NODE_KINDS } from '#core/node.ts';

/** What several methods say in the same words. */
export const CIVIL_DATE = z.string().describe('a day, YYYY-MM-DD');
export const EPOCH_MS = z.int().describe('epoch milliseconds');
export const ULID = z.string().describe('ULID');
export const DATE_WORDS = z.string().max(100).describe('a date in words, such as "fri" or "+3d"');
export const ID_PART = z
  .string()
  .min(1)
  .max(200)
  .describe('an id, or a unique beginning or end of one, 4 characters or more');
/** Of what people give a name, the name will do. */
const nameOrId = (what: string) =>
  z
    .string()
    .min(1)
    .max(LIMITS.titleChars * 2)
    .describe(`a ${what}, or an id`);
export const PROJECT = nameOrId("project's name");
export const DOC = nameOrId("document's title");

/** Ask for `short_id` in the rows; it costs a look-up a row. */
export const SHORT_IDS = z.boolean().optional().describe('add short_id to each row');
export const SHORT_ID = z
  .string()
  .optional()
  .describe('the shortest end of node_id that is unique now');

const IF_VERSION = z
  .string()
  .optional()
  .describe('refuse (conflict) if the body has changed since');
export const VERSION = z.string().describe('changes whenever the body does; see `if_version`');

/** Enough of a node to name it. */
export const nodeRef = z.object({ node_id: ULID, kind: z.enum(NODE_KINDS), title: z.string() });

/** What a body becomes: replaced or added to, one of the two. */
export const bodyChange = {
  append: z.string().optional().describe('added at the end, on lines of its own'),
  body: z.string().optional().describe('replaces the body'),
  if_version: IF_VERSION,
};
export function isOneBodyChange({
  append,
  body,
}: {
  append?: string | undefined;
  body?: string | undefined;
}): boolean {
  return (append === undefined) !== (body === undefined);
}
export const ONE_BODY_CHANGE = { error: 'exactly one of append and body is needed' };
