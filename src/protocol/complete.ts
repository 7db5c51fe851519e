import * as z from 'zod';

/** For the completions of shells and editors: quick, and never too many. */
export const complete = {
  params: z.object({
    what: z.enum(['task', 'doc', 'project', 'tag', 'key']),
    prefix: z.string().max(200),
  }),
  result: z.object({
    rows: z
      .array(
        z.object({
          word: z.string().describe('what would be typed'),
          hint: z.string().describe('what it is, such as the title behind an id'),
        }),
      )
      .describe('100 at the most'),
  }),
};
