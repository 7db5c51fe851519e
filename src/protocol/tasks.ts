import * as z from 'zod';
import { LIMITS } from '#core/node.ts';
import { TIERS } from '#core/ranking.ts';
import { ATTENTIONS, STATES } from '#core/task.ts';

const CIVIL_DATE = z.string().describe('a day, YYYY-MM-DD');
const EPOCH_MS = z.int().describe('epoch milliseconds');
const DATE_WORDS = z.string().max(100).describe('a date in words, such as "fri" or "+3d"');
const ID_PART = z
  .string()
  .min(1)
  .max(200)
  .describe('an id, or a unique beginning or end of one, 4 characters or more');
const PROJECT = z
  .string()
  .min(1)
  .max(LIMITS.titleChars * 2)
  .describe("a project's name or id");

const taskRow = z.object({
  node_id: z.string().describe('ULID'),
  kind: z.literal('task'),
  title: z.string(),
  state: z.enum(STATES),
  attention: z.enum(ATTENTIONS),
  do_date: EPOCH_MS.nullable().describe('epoch milliseconds of local midnight of do_on'),
  do_on: CIVIL_DATE.nullable().describe('not before this day'),
  late_on: EPOCH_MS.nullable().describe('epoch milliseconds of local midnight of late_from'),
  late_from: CIVIL_DATE.nullable().describe('late from this day'),
  recurrence: z.string().nullable().describe('RFC 5545 RRULE'),
  project: z.string().nullable().describe("the project's name"),
  project_id: z.string().nullable(),
  tags: z.array(z.string()),
  key: z.string().nullable(),
  created_at: EPOCH_MS,
  updated_at: EPOCH_MS,
  tombstoned: z.boolean(),
  short_id: z.string().optional().describe('the shortest end of node_id that is unique now'),
});
export type TaskRow = z.infer<typeof taskRow>;

const rankedRow = taskRow.extend({
  tier: z.enum(TIERS).describe('why it stands where it stands'),
});
export type RankedRow = z.infer<typeof rankedRow>;

/** Ask for `short_id` in the rows; it costs a look-up a row. */
const shortIds = z.boolean().optional().describe('add short_id to each row');

const fields = {
  project: PROJECT.nullable().optional(),
  do_date: DATE_WORDS.nullable().optional(),
  late_on: DATE_WORDS.nullable().optional(),
  attention: z.enum(ATTENTIONS).optional(),
  tags: z.array(z.string()).optional().describe('all the tags the task shall have'),
  context: z.string().nullable().optional().describe('the markdown body'),
  key: z.string().nullable().optional().describe('makes filing idempotent'),
};

export const taskAdd = {
  params: z.object({ title: z.string(), ...fields, short_ids: shortIds }),
  result: taskRow.extend({
    created: z
      .boolean()
      .describe('false when the key named an outstanding task, which was updated'),
  }),
};

export const taskEdit = {
  params: z.object({ id: ID_PART, title: z.string().optional(), ...fields, short_ids: shortIds }),
  result: taskRow,
};

export const taskNext = {
  params: z.object({ limit: z.int().min(1).max(1000).optional(), short_ids: shortIds }),
  result: z.object({ today: CIVIL_DATE, rows: z.array(rankedRow) }),
};

export const taskList = {
  params: z.object({
    project: PROJECT.optional(),
    tag: z.string().optional(),
    attention: z.enum(ATTENTIONS).optional(),
    state: z.enum(STATES).optional(),
    key: z.string().optional(),
    due: z.boolean().optional().describe('only with no do_date, or one today or earlier'),
    all: z.boolean().optional().describe("also done, dropped and archived projects' tasks"),
    short_ids: shortIds,
  }),
  result: z.object({ today: CIVIL_DATE, rows: z.array(taskRow) }),
};

export const taskShow = {
  params: z.object({ id: ID_PART, short_ids: shortIds }),
  result: taskRow.extend({ body: z.string() }),
};

/** For `done` and `drop`: all of them, or none. */
export const taskClose = {
  params: z.object({ ids: z.array(ID_PART).min(1).max(1000), short_ids: shortIds }),
  result: z.object({ rows: z.array(taskRow) }),
};
