import * as z from 'zod';
import { nodeRecord } from '#protocol/records.ts';
import { EPOCH_MS, ULID } from '#protocol/words.ts';

/**
 * An import is sent in parts, which the daemon keeps aside, and then taken in as
 * one transaction. A part that was sent twice counts once. What was not taken in
 * is forgotten with the next import, or with the daemon.
 */
export const importBegin = {
  params: z.object({}),
  result: z.object({ import_id: z.string() }),
};

export const importStage = {
  params: z.object({
    import_id: z.string(),
    part: z.int().min(0).describe('from 0, one after another'),
    records: z.array(nodeRecord).max(10_000),
  }),
  result: z.object({ staged: z.int().describe('how many records have come so far') }),
};

export const importCommit = {
  params: z.object({ import_id: z.string() }),
  result: z.object({
    created: z.int(),
    updated: z.int().describe('were there, and were set to what came'),
    unchanged: z.int(),
    refused: z
      .array(
        z.object({
          record: z.int().describe('its place in what was sent, from 0'),
          title: z.string(),
          problem: z.looseObject({ code: z.string() }).describe('as in an error'),
        }),
      )
      .describe('could not be taken in; the rest was'),
  }),
};

/** An export is read a part at a time, all of it as it was when it began. */
export const exportBegin = {
  params: z.object({}),
  result: z.object({
    export_id: z.string(),
    owner_id: ULID,
    at: EPOCH_MS,
    nodes: z.int().describe('how many will come'),
  }),
};

export const exportPage = {
  params: z.object({ export_id: z.string() }),
  result: z.object({ records: z.array(nodeRecord).describe('none: that was all') }),
};
