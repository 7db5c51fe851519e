import { changeBody, versionOf } from '#daemon/handlers/bodies.ts';
import type { ReadHandler, World, WriteHandler } from '#daemon/world.ts';
import { readBody } from '#store/bodies.ts';
import { findAlive, findNode } from '#store/nodes.ts';

export const readContext: ReadHandler<'context.read'> = (world, params) => answer(world, params.id);

export const writeContext: WriteHandler<'context.write'> = (world, params, write) => {
  const node = findAlive(world.sql, params.id);
  changeBody(world, node, params, write);
  const { body: _body, ...row } = answer(world, node.node_id);
  return row;
};

function answer(world: World, ref: string) {
  const { n, node_id, kind, title, updated_at } = findNode(world.sql, ref);
  const body = readBody(world.sql, n);
  return { node_id, kind, title, body, version: versionOf(body), updated_at };
}
