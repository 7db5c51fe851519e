import * as z from 'zod';

const VERSION = z.string().describe('three numbers');

export const updateCheck = {
  params: z.object({}),
  result: z.object({
    running: VERSION,
    newer: VERSION.nullable().describe('what the feed has for this machine; null: nothing newer'),
    by_hand_only: z
      .string()
      .nullable()
      .describe('why hephd does not go over to it without being asked'),
  }),
};

export const updateStart = {
  params: z.object({}),
  result: z.object({
    from: VERSION,
    to: VERSION.nullable().describe(
      'hephd leaves now, and this version is tried; null: nothing newer',
    ),
  }),
};

export const updateRollback = {
  params: z.object({}),
  result: z.object({
    from: VERSION,
    to: VERSION.describe('hephd leaves now, and this version comes'),
  }),
};
