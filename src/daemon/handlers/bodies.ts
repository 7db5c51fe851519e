import { createHash } from 'node:crypto';
import { HephError } from '#core/errors.ts';
import { appendLines, checkBody } from '#core/text.ts';
import type { World, Write } from '#daemon/world.ts';
import { readBody } from '#store/bodies.ts';

/** What a body becomes; exactly one of the two is given. */
export interface BodyChange {
  append?: string | undefined;
  body?: string | undefined;
  if_version?: string | undefined;
}

/** @throws {HephError} `conflict`: it was changed since the version that was named. */
export function changeBody(
  world: World,
  { n, node_id: node }: { n: number; node_id: string },
  change: BodyChange,
  write: Write,
): void {
  const before = readBody(world.sql, n);
  if (change.if_version !== undefined && change.if_version !== versionOf(before)) {
    throw new HephError({ code: 'conflict', ref: node });
  }
  const value = checkBody(change.body ?? appendLines(before, change.append ?? ''));
  if (value !== before) write({ node, field: 'body', value });
}

/** A body's version is a digest of it: the same on every device, and nothing to keep. */
export function versionOf(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 32);
}
