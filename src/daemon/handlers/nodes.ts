import { HephError } from '#core/errors.ts';
import { parseSearch } from '#core/search-query.ts';
import { checkLogText, checkTags } from '#core/text.ts';
import { setTags } from '#daemon/handlers/task-fields.ts';
import type { ReadHandler, WriteHandler } from '#daemon/world.ts';
import { findDoc, readDoc } from '#store/docs.ts';
import { backlinksOf, linksOf, type LinkedNode } from '#store/links.ts';
import { readLog } from '#store/log-entries.ts';
import { findAlive, findNode, shortId } from '#store/nodes.ts';
import { searchNodes } from '#store/search.ts';
import { listTags } from '#store/tags.ts';

/** How many hits a search gives when nobody says. */
const HITS = 20;

export const deleteNodes: WriteHandler<'node.delete'> = ({ sql }, params, write) => ({
  rows: params.ids.map((id) => {
    const { n, node_id, kind, title } = findNode(sql, id);
    if (!readDoc(sql, n).tombstoned) write({ node: node_id, field: 'tombstoned', value: true });
    return { node_id, kind, title, tombstoned: true };
  }),
});

export const addTags: WriteHandler<'tag.add'> = ({ sql }, params, write) => {
  const { n, node_id, kind, title } = findAlive(sql, params.id);
  const before = readDoc(sql, n).tags;
  setTags(node_id, before, checkTags([...before, ...params.tags]), write);
  const { tags, updatedAt } = readDoc(sql, n);
  return { node_id, kind, title, tags, updated_at: updatedAt };
};

export const removeTags: WriteHandler<'tag.remove'> = ({ sql }, params, write) => {
  const { n, node_id, kind, title } = findAlive(sql, params.id);
  const before = readDoc(sql, n).tags;
  const gone = new Set(checkTags(params.tags));
  setTags(
    node_id,
    before,
    before.filter((tag) => !gone.has(tag)),
    write,
  );
  const { tags, updatedAt } = readDoc(sql, n);
  return { node_id, kind, title, tags, updated_at: updatedAt };
};

export const listAllTags: ReadHandler<'tag.list'> = ({ sql }) => ({ rows: listTags(sql) });

export const addLogEntry: WriteHandler<'log.add'> = (world, params, write) => {
  const { node_id, kind, title } = findAlive(world.sql, params.id);
  const text = checkLogText(params.text);
  const at = world.clock.nowMs();
  const entry = world.newId();
  write({ node: node_id, field: `log:${entry}`, value: { at_ms: at, text } });
  return { node_id, kind, title, entry_id: entry, at, text };
};

export const listLog: ReadHandler<'log.list'> = ({ sql }, params) => {
  const { n, node_id, kind, title } = findNode(sql, params.id);
  const rows = readLog(sql, n).map(({ id, at, text }) => ({ entry_id: id, at, text }));
  return { node_id, kind, title, rows };
};

export const listLinks: ReadHandler<'link.list'> = ({ sql }, params) => {
  const { n } = findDoc(sql, params.id);
  const rows = linksOf(sql, n).map(({ target, text, to }) => ({
    target,
    text,
    node_id: to?.id ?? null,
    kind: to?.kind ?? null,
    title: to?.title ?? null,
  }));
  return { rows };
};

export const listBacklinks: ReadHandler<'link.back'> = ({ sql }, params) => {
  const { n, node_id: id, kind, title } = findDoc(sql, params.id);
  return { rows: backlinksOf(sql, { n, id, kind, title }).map(refOf) };
};

export const search: ReadHandler<'search'> = ({ sql }, params) => {
  const terms = parseSearch(params.query);
  if (terms === null) {
    const allowed = 'words to look for';
    throw new HephError({ code: 'bad_value', field: 'search', text: params.query, allowed });
  }
  const rows = searchNodes(sql, terms, params.limit ?? HITS).map(
    ({ id, kind, title, state, where, snippet }) => ({
      node_id: id,
      kind,
      title,
      state,
      where,
      snippet,
      ...(params.short_ids === true ? { short_id: shortId(sql, id) } : {}),
    }),
  );
  return { rows };
};

function refOf({ id, kind, title }: LinkedNode) {
  return { node_id: id, kind, title };
}
