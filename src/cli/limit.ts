import type { Input } from '#cli/command.ts';
import { UsageError } from '#cli/fail.ts';

const LIMIT_MAX = 1000;

/** What `-n` says, as the limit of a question. @throws {UsageError} */
export function limitOf(input: Input): { limit?: number } {
  const text = input.text('number');
  if (text === undefined) return {};
  const limit = /^\d+$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= LIMIT_MAX) return { limit };
  throw new UsageError(`cannot show "${text}" of them: -n takes a number from 1 to ${LIMIT_MAX}`);
}
