import * as z from 'zod';

export const storeCheck = {
  params: z.object({}),
  result: z.object({
    problems: z
      .array(z.string())
      .describe("what is wrong with the store's file; empty when it is sound"),
  }),
};
