import * as z from 'zod';
import { SOUGHT_MAX } from '#core/node.ts';
import { TIERS } from '#core/ranking.ts';
import { ATTENTIONS, RECUR_FROM, STATES } from '#core/task.ts';
import {
  CIVIL_DATE,
  DATE_WORDS,
  EPOCH_MS,
  ID_PART,
  PROJECT,
  SHORT_ID,
  SHORT_IDS,
  ULID,
} from '#protocol/words.ts';

const taskRow = z.object({
  node_id: ULID,
  kind: z.literal('task'),
  title: z.string(),
  state: z.enum(STATES),
  attention: z.enum(ATTENTIONS),
  do_date: EPOCH_MS.nullable().describe('epoch milliseconds of local midnight of do_on'),
  do_on: CIVIL_DATE.nullable().describe('not before this day'),
  late_on: EPOCH_MS.nullable().describe('epoch milliseconds of local midnight of late_from'),
  late_from: CIVIL_DATE.nullable().describe('late from this day'),
  recurrence: z.string().nullable().describe('RFC 5545 RRULE'),
  recur_from: z.enum(RECUR_FROM).describe('what the next date is counted from'),
  project: z.string().nullable().describe("the project's name"),
  project_id: z.string().nullable(),
  tags: z.array(z.string()),
  key: z.string().nullable(),
  created_at: EPOCH_MS,
  updated_at: EPOCH_MS,
  tombstoned: z.boolean(),
  short_id: SHORT_ID,
});
export type TaskRow = z.infer<typeof taskRow>;

const rankedRow = taskRow.extend({
  tier: z.enum(TIERS).describe('why it stands where it stands'),
});
export type RankedRow = z.infer<typeof rankedRow>;

const fields = {
  project: PROJECT.nullable().optional(),
  do_date: DATE_WORDS.nullable().optional(),
  late_on: DATE_WORDS.nullable().optional(),
  recur: z
    .string()
    .max(600)
    .nullable()
    .optional()
    .describe('how it recurs: "weekly", "every 3 days", or an RRULE'),
  recur_from: z.enum(RECUR_FROM).optional(),
  attention: z.enum(ATTENTIONS).optional(),
  tags: z.array(z.string()).optional().describe('all the tags the task shall have'),
  context: z.string().nullable().optional().describe('the markdown body'),
  key: z.string().nullable().optional().describe('makes filing idempotent'),
};

export const taskAdd = {
  params: z.object({ title: z.string(), ...fields, short_ids: SHORT_IDS }),
  result: taskRow.extend({
    created: z
      .boolean()
      .describe('false when the key named an outstanding task, which was updated'),
  }),
};

export const taskEdit = {
  params: z.object({ id: ID_PART, title: z.string().optional(), ...fields, short_ids: SHORT_IDS }),
  result: taskRow,
};

export const taskNext = {
  params: z.object({ limit: z.int().min(1).max(1000).optional(), short_ids: SHORT_IDS }),
  result: z.object({ today: CIVIL_DATE, rows: z.array(rankedRow) }),
};

export const taskList = {
  params: z.object({
    project: PROJECT.optional(),
    tag: z.string().optional(),
    attention: z.enum(ATTENTIONS).optional(),
    state: z.enum(STATES).optional(),
    key: z.string().optional(),
    grep: z
      .string()
      .max(SOUGHT_MAX)
      .optional()
      .describe('a regular expression; only where title, body or log has it, in any letter case'),
    due: z.boolean().optional().describe('only with no do_date, or one today or earlier'),
    all: z.boolean().optional().describe("also done, dropped and archived projects' tasks"),
    short_ids: SHORT_IDS,
  }),
  result: z.object({ today: CIVIL_DATE, rows: z.array(taskRow) }),
};

export const taskShow = {
  params: z.object({ id: ID_PART, short_ids: SHORT_IDS }),
  result: taskRow.extend({ body: z.string() }),
};

/** For `done`, `drop` and `skip`: all of them, or none. */
export const taskClose = {
  params: z.object({ ids: z.array(ID_PART).min(1).max(1000), short_ids: SHORT_IDS }),
  result: z.object({ rows: z.array(taskRow) }),
};
