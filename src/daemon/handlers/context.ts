import { createHash } from 'node:crypto';
import { HephError } from '#core/errors.ts';
import { appendLines, checkBody } from '#core/text.ts';
import type { ReadHandler, World, WriteHandler } from '#daemon/world.ts';
import { readBody } from '#store/bodies.ts';
import { findNode } from '#store/nodes.ts';

export const readContext: ReadHandler<'context.read'> = (world, params) => answer(world, params.id);

export const writeContext: WriteHandler<'context.write'> = (world, params, write) => {
  const { n, node_id: node } = findNode(world.sql, params.id);
  const before = readBody(world.sql, n);
  if (params.if_version !== undefined && params.if_version !== versionOf(before)) {
    throw new HephError({ code: 'conflict', ref: node });
  }
  const value = checkBody(params.body ?? appendLines(before, params.append ?? ''));
  if (value !== before) write({ node, field: 'body', value });
  const { body: _body, ...row } = answer(world, node);
  return row;
};

function answer(world: World, ref: string) {
  const { n, node_id, kind, title, updated_at } = findNode(world.sql, ref);
  const body = readBody(world.sql, n);
  return { node_id, kind, title, body, version: versionOf(body), updated_at };
}

/** A body's version is a digest of it: the same on every device, and nothing to keep. */
function versionOf(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 32);
}
