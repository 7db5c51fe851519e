import * as z from 'zod';
import {
  bodyChange,
  EPOCH_MS,
  ID_PART,
  isOneBodyChange,
  nodeRef,
  ONE_BODY_CHANGE,
  VERSION,
} from '#protocol/words.ts';

const contextResult = nodeRef.extend({
  body: z.string(),
  version: VERSION,
  updated_at: EPOCH_MS,
});

export const contextRead = { params: z.object({ id: ID_PART }), result: contextResult };

export const contextWrite = {
  params: z.object({ id: ID_PART, ...bodyChange }).refine(isOneBodyChange, ONE_BODY_CHANGE),
  // Without the body: the client has it, and the answer is kept with the request.
  result: contextResult.omit({ body: true }),
};
