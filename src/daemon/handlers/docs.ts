import { parseDate, type CivilDate } from '#core/dates.ts';
import { HephError } from '#core/errors.ts';
import { checkBody, checkTitle } from '#core/text.ts';
import { changeBody, versionOf } from '#daemon/handlers/bodies.ts';
import { rename } from '#daemon/handlers/rename.ts';
import type { ReadHandler, World, Write, WriteHandler } from '#daemon/world.ts';
import type { DocRow, ListedDoc } from '#protocol/docs.ts';
import { readBody } from '#store/bodies.ts';
import { findDoc, listDocs, pageOf, readDoc, type Doc } from '#store/docs.ts';
import { checkAlive, findNode, shortId, type NodeRow } from '#store/nodes.ts';

export const listAllDocs: ReadHandler<'doc.list'> = (world, params) => ({
  rows: listDocs(world.sql).map((doc) => ({
    ...listed(doc),
    ...(params.short_ids === true ? { short_id: shortId(world.sql, doc.id) } : {}),
  })),
});

export const newDoc: WriteHandler<'doc.new'> = (world, params, write) => {
  const title = checkTitle(params.title, 'title');
  const node = create(world, 'doc', title, write);
  const body = checkBody(params.body ?? '');
  if (body !== '') write({ node: node.node_id, field: 'body', value: body });
  return row(world, node.n);
};

export const showDoc: ReadHandler<'doc.show'> = (world, params) => {
  const { n } = findDoc(world.sql, params.id);
  return { ...row(world, n), body: readBody(world.sql, n) };
};

export const editDoc: WriteHandler<'doc.edit'> = (world, params, write) => {
  const node = checkAlive(world.sql, findDoc(world.sql, params.id));
  changeBody(world, node, params, write);
  return row(world, node.n);
};

export const renameDoc: WriteHandler<'doc.rename'> = (world, params, write) => {
  const node = checkAlive(world.sql, findDoc(world.sql, params.id));
  // The page of a day is found by its day, and a project by its name.
  if (node.kind === 'journal' || node.kind === 'project') {
    const { node_id, kind, title } = node;
    throw new HephError({
      code: 'wrong_kind',
      ref: params.id,
      wanted: 'doc',
      is: { node_id, kind, title },
    });
  }
  const relinked = rename(world, node, checkTitle(params.title, 'title'), write);
  return { ...row(world, node.n), relinked };
};

export const readJournal: ReadHandler<'journal.read'> = (world, params) => {
  const day = dayOf(world, params.date);
  const n = pageOf(world.sql, day);
  if (n !== null) return { ...row(world, n), day, body: readBody(world.sql, n) };
  return {
    node_id: null,
    kind: 'journal',
    title: day,
    day,
    tags: [],
    created_at: null,
    updated_at: null,
    tombstoned: false,
    version: versionOf(''),
    body: '',
  };
};

export const writeJournal: WriteHandler<'journal.write'> = (world, params, write) => {
  const day = dayOf(world, params.date);
  const n = pageOf(world.sql, day);
  const page = n === null ? newPage(world, day, write) : { n, node_id: readDoc(world.sql, n).id };
  changeBody(world, page, params, write);
  return { ...row(world, page.n), day };
};

function newPage(world: World, day: CivilDate, write: Write): NodeRow {
  const page = create(world, 'journal', day, write);
  write({ node: page.node_id, field: 'day', value: day });
  return page;
}

function create(world: World, kind: 'doc' | 'journal', title: string, write: Write): NodeRow {
  const node = world.newId();
  write({ node, field: 'created', value: { kind, at_ms: world.clock.nowMs() } });
  // What leads elsewhere must not be led here.
  rename(world, { node_id: node, title: '' }, title, write);
  return findNode(world.sql, node);
}

function dayOf(world: World, words: string | undefined): CivilDate {
  const today = world.clock.today();
  const day = words === undefined ? today : parseDate(words, today);
  if (day === null) throw new HephError({ code: 'bad_date', field: 'date', text: words ?? '' });
  return day;
}

function row(world: World, n: number): DocRow {
  return { ...listed(readDoc(world.sql, n)), version: versionOf(readBody(world.sql, n)) };
}

function listed(doc: Doc): ListedDoc {
  const { id, kind, title, tags, createdAt, updatedAt, tombstoned } = doc;
  return {
    node_id: id,
    kind,
    title,
    tags,
    created_at: createdAt,
    updated_at: updatedAt,
    tombstoned,
  };
}
