import * as z from 'zod';
import { DEFAULT_LOG_BYTES } from '#config/log-files.ts';

/** Everything that can be set in `config.toml`. The daemon reads it at start. */
export const settingsSchema = z
  .strictObject({
    log: z
      .strictObject({
        level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
        max_bytes: z.int().min(65_536).default(DEFAULT_LOG_BYTES),
      })
      .prefault({}),
    query: z
      .strictObject({
        limit_ms: z.int().min(100).max(600_000).default(30_000),
      })
      .prefault({}),
  })
  .describe('settings of hephd');

export type Settings = Readonly<z.infer<typeof settingsSchema>>;
