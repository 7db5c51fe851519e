import { isLinkable, linkText, relinked } from '#core/wiki-links.ts';
import { nameOf } from '#core/text.ts';
import type { World, Write } from '#daemon/world.ts';
import { readBody } from '#store/bodies.ts';
import { linksToName, resolveLink, type LinkedNode } from '#store/links.ts';

/**
 * Give a node another title, and keep every link whole: those that led to it,
 * and those that would now be led astray because another node has that title.
 * @returns how many bodies were changed for it.
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
  const affected = linksToName(sql, nameOf(node.title), nameOf(title));
  for (const { target } of affected) before.set(target, resolveLink(sql, target));
  write({ node: node.node_id, field: 'title', value: title });
  const astray = new Map<string, string>();
  for (const [target, led] of before) {
    if (led === null || resolveLink(sql, target)?.id === led.id) continue;
    astray.set(target, targetFor(world, led, led.id === node.node_id ? title : led.title));
  }
  return relinkAll(world, affected, astray, write);
}

/** What a link to a node is written with: its title where that leads to it, else its id. */
function targetFor(world: World, { id }: LinkedNode, title: string): string {
  const isTitleEnough = isLinkable(title) && resolveLink(world.sql, title)?.id === id;
  return isTitleEnough ? title : id;
}

function relinkAll(
  world: World,
  links: readonly { n: number; target: string }[],
  astray: ReadonlyMap<string, string>,
  write: Write,
): number {
  const numbers = new Set(links.filter(({ target }) => astray.has(target)).map(({ n }) => n));
  let changed = 0;
  for (const n of numbers) {
    const node = world.sql.value('SELECT id FROM nodes WHERE n = ?', n) as string;
    const value = relinked(readBody(world.sql, n), ({ target, text, bar }) => {
      const to = astray.get(target);
      if (to === undefined) return null;
      // An id says nothing to a reader: the old words stay for what is shown.
      return linkText(to, text ?? (to.length === 26 && to !== target ? target : null), bar);
    });
    write({ node, field: 'body', value });
    changed++;
  }
  return changed;
}
