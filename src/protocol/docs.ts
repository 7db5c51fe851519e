import * as z from 'zod';
import {
  bodyChange,
  CIVIL_DATE,
  DATE_WORDS,
  DOC,
  EPOCH_MS,
  isOneBodyChange,
  ONE_BODY_CHANGE,
  SHORT_ID,
  SHORT_IDS,
  ULID,
  VERSION,
} from '#protocol/words.ts';

const docRow = z.object({
  node_id: ULID,
  kind: z.enum(['doc', 'journal', 'project', 'task']),
  title: z.string(),
  tags: z.array(z.string()),
  created_at: EPOCH_MS,
  updated_at: EPOCH_MS,
  tombstoned: z.boolean(),
  version: VERSION,
  short_id: SHORT_ID,
});
export type DocRow = z.infer<typeof docRow>;

const listedDoc = docRow.omit({ version: true });
export type ListedDoc = z.infer<typeof listedDoc>;

export const docList = {
  params: z.object({ short_ids: SHORT_IDS }),
  result: z.object({ rows: z.array(listedDoc).describe('the last changed first') }),
};

export const docNew = {
  params: z.object({ title: z.string(), body: z.string().optional() }),
  result: docRow,
};

export const docShow = {
  params: z.object({ id: DOC }),
  result: docRow.extend({ body: z.string() }),
};

export const docEdit = {
  params: z.object({ id: DOC, ...bodyChange }).refine(isOneBodyChange, ONE_BODY_CHANGE),
  result: docRow,
};

export const docRename = {
  params: z.object({ id: DOC, title: z.string() }),
  result: docRow.extend({
    relinked: z
      .int()
      .describe('how many other bodies had links to it, which now say its new title'),
  }),
};

const journalPage = docRow.extend({
  node_id: ULID.nullable().describe('null while nothing was written on that day'),
  day: CIVIL_DATE,
  created_at: EPOCH_MS.nullable(),
  updated_at: EPOCH_MS.nullable(),
  body: z.string(),
});

const DAY = DATE_WORDS.optional().describe('today, when nothing is said');

export const journalRead = { params: z.object({ date: DAY }), result: journalPage };

export const journalWrite = {
  params: z.object({ date: DAY, ...bodyChange }).refine(isOneBodyChange, ONE_BODY_CHANGE),
  result: docRow.extend({ day: CIVIL_DATE }),
};
