import { isLinkable, linkText, relinked } from '#core/wiki-links.ts';
import type { World, Write } from '#daemon/world.ts';
import { readBody } from '#store/bodies.ts';
import { readDoc } from '#store/docs.ts';
import { linksTo, resolveLink, type LinkedNode } from '#store/links.ts';

/**
 * Give a node another title, and keep every link whole: those that led to it,
 * and those that would now be led astray because another node has that title.
 * @returns how many other bodies were changed for it; those of deleted nodes do not count.
 */
export function rename(
  world: World,
  node: { node_id: string; title: string },
  title: string,
  write: Write,
): number {
  if (title === node.title) return 0;
  const { sql } = world;
  const before = new Map<string, LinkedNode | null>();
  const affected = linksTo(sql, node.title, title);
  for (const { target } of affected) before.set(target, resolveLink(sql, target));
  write({ node: node.node_id, field: 'title', value: title });
  const astray = new Map<string, Target>();
  for (const [target, led] of before) {
    if (led === null || resolveLink(sql, target)?.id === led.id) continue;
    astray.set(target, targetFor(world, led, led.id === node.node_id ? title : led.title));
  }
  const numbers = new Set(affected.flatMap(({ n, target }) => (astray.has(target) ? [n] : [])));
  return [...numbers].filter((n) => relink(world, n, node.node_id, astray, write)).length;
}

/** What a link is written with. */
interface Target {
  to: string;
  isId: boolean;
}

/** A node's title where that leads to it, else its id. */
function targetFor(world: World, { id }: LinkedNode, title: string): Target {
  const isTitleEnough = isLinkable(title) && resolveLink(world.sql, title)?.id === id;
  return isTitleEnough ? { to: title, isId: false } : { to: id, isId: true };
}

/** @returns whether that was the body of another node, which is there. */
function relink(
  { sql }: World,
  n: number,
  renamed: string,
  astray: ReadonlyMap<string, Target>,
  write: Write,
): boolean {
  const { id: node, tombstoned } = readDoc(sql, n);
  const value = relinked(readBody(sql, n), ({ target, text, bar }) => {
    const found = astray.get(target);
    if (found === undefined) return null;
    // An id says nothing to a reader: the old words stay for what is shown.
    return linkText(found.to, text ?? (found.isId ? target : null), bar);
  });
  write({ node, field: 'body', value });
  return node !== renamed && !tombstoned;
}
