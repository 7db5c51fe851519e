import * as z from 'zod';
import { EPOCH_MS } from '#protocol/words.ts';

const PATH = z.string().min(1).max(4096).describe('an absolute path');

export const storeCheck = {
  params: z.object({
    path: PATH.optional().describe('of a backup, in place of the store'),
    any_schema: z
      .boolean()
      .optional()
      .describe('a file that a newer heph wrote will do; only what SQLite knows is looked at'),
  }),
  result: z.object({
    problems: z
      .array(z.string())
      .describe("what is wrong with the store's file; empty when it is sound"),
  }),
};

export const storeBackup = {
  params: z.object({
    path: PATH.optional().describe('where to; a file that is there is not replaced'),
  }),
  result: z.object({ path: z.string(), bytes: z.int(), at: EPOCH_MS }),
};

export const storeRestore = {
  params: z.object({ path: PATH.describe('a backup') }),
  result: z.object({
    path: z.string(),
    replaced: z.string().describe('where the store is kept that was there before'),
    nodes: z.int().describe('how many there are now'),
  }),
};
