import * as z from 'zod';
import { EPOCH_MS, PROJECT, ULID } from '#protocol/words.ts';

const projectRow = z.object({
  node_id: ULID,
  kind: z.literal('project'),
  title: z.string().describe("the project's name"),
  archived: z.boolean(),
  outstanding: z.int().describe('how many outstanding tasks it has'),
  created_at: EPOCH_MS,
  updated_at: EPOCH_MS,
  tombstoned: z.boolean(),
});
export type ProjectRow = z.infer<typeof projectRow>;

export const projectList = {
  params: z.object({}),
  result: z.object({ rows: z.array(projectRow) }),
};

export const projectAdd = {
  params: z.object({ name: z.string() }),
  result: projectRow.extend({ created: z.boolean().describe('false when it was there already') }),
};

export const projectRename = {
  params: z.object({ id: PROJECT, name: z.string() }),
  result: projectRow.extend({
    relinked: z.int().describe('how many other bodies had links to it, which now say its new name'),
  }),
};

export const projectArchive = {
  params: z.object({
    id: PROJECT,
    archived: z.boolean().optional().describe('false brings it back; true when nothing is said'),
  }),
  result: projectRow,
};
