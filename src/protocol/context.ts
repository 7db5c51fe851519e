import * as z from 'zod';
import { NODE_KINDS } from '#core/node.ts';

const contextResult = z.object({
  node_id: z.string().describe('ULID'),
  kind: z.enum(NODE_KINDS),
  title: z.string(),
  body: z.string(),
  version: z.string().describe('changes whenever the body does; see `if_version`'),
  updated_at: z.int().describe('epoch milliseconds'),
});

const id = z.string().min(1).max(200);

export const contextRead = { params: z.object({ id }), result: contextResult };

export const contextWrite = {
  params: z
    .object({
      id,
      append: z.string().optional().describe('added at the end, on lines of its own'),
      body: z.string().optional().describe('replaces the body'),
      if_version: z.string().optional().describe('refuse (conflict) if the body has changed since'),
    })
    .refine(({ append, body }) => (append === undefined) !== (body === undefined), {
      error: 'exactly one of append and body is needed',
    }),
  // Without the body: the client has it, and the answer is kept with the request.
  result: contextResult.omit({ body: true }),
};
