import { createHash } from 'node:crypto';
import { ulid, type Ulid } from '#core/ids.ts';

/** When something was made of which nobody wrote down when: the start of 2020. */
export const UNKNOWN_MS = Date.UTC(2020, 0, 1);

const MOMENT_MAX_MS = 2 ** 48 - 1;

/**
 * The id of what is imported: the same for the same source, so that importing
 * twice finds what the first time made.
 * @param source what names it where it comes from, such as `taskwarrior:<uuid>`.
 * @param createdMs epoch milliseconds; null where unknown. Part of the id, so
 *   it must not be something that changes, such as the time of a file.
 */
export function importId(source: string, createdMs: number | null): Ulid {
  const ms = Math.trunc(createdMs ?? UNKNOWN_MS);
  const isMoment = ms >= 0 && ms <= MOMENT_MAX_MS;
  return ulid(isMoment ? ms : UNKNOWN_MS, createHash('sha256').update(source).digest());
}
