import * as z from 'zod';

const projectRow = z.object({
  node_id: z.string().describe('ULID'),
  kind: z.literal('project'),
  title: z.string().describe("the project's name"),
  archived: z.boolean(),
  outstanding: z.int().describe('how many outstanding tasks it has'),
  created_at: z.int().describe('epoch milliseconds'),
  updated_at: z.int().describe('epoch milliseconds'),
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
