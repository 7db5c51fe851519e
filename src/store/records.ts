import { readBody } from '#store/bodies.ts';
import { readDoc, type Doc } from '#store/docs.ts';
import { readLog } from '#store/log-entries.ts';
import type { Statements } from '#store/sqlite.ts';
import { readTask } from '#store/tasks.ts';

/** Up to so much text is gathered at a time, in UTF-16 units. */
const PART_CHARS = 2_000_000;
const PART_NODES = 500;

/** The next nodes after a row number, deleted ones too, each with all there is of it. */
export function recordsAfter(sql: Statements, after: number) {
  const rows: ReturnType<typeof readRecord>[] = [];
  let chars = 0;
  let last = after;
  const numbers = sql
    .of(`SELECT n FROM nodes WHERE n > ? ORDER BY n LIMIT ${PART_NODES}`)
    .pluck()
    .all(after) as number[];
  for (const n of numbers) {
    const record = readRecord(sql, n);
    rows.push(record);
    last = n;
    chars += record.body.length + record.log.reduce((sum, { text }) => sum + text.length, 0);
    if (chars > PART_CHARS) break;
  }
  return { rows, after: last };
}

export function countNodes(sql: Statements): number {
  return sql.value('SELECT count(*) FROM nodes') as number;
}

/** A node whole. */
export function readRecord(sql: Statements, n: number) {
  const doc = readDoc(sql, n);
  const common = commonOf(sql, n, doc);
  switch (doc.kind) {
    case 'task': {
      const {
        state,
        attention,
        doOn,
        lateFrom,
        recurrence,
        recurFrom,
        projectId,
        projectName,
        key,
      } = readTask(sql, n);
      return {
        kind: doc.kind,
        ...common,
        state,
        attention,
        do_on: doOn,
        late_from: lateFrom,
        recurrence,
        recur_from: recurFrom,
        project_id: projectId,
        project: projectName,
        key,
      };
    }
    case 'project': {
      const archived = sql.value('SELECT archived FROM projects WHERE n = ?', n) === 1;
      return { kind: doc.kind, ...common, archived };
    }
    case 'journal': {
      const day = sql.value('SELECT day FROM journals WHERE n = ?', n) as string;
      return { kind: doc.kind, ...common, day };
    }
    case 'doc':
      return { kind: doc.kind, ...common };
  }
}

function commonOf(sql: Statements, n: number, doc: Doc) {
  return {
    node_id: doc.id,
    title: doc.title,
    created_at: doc.createdAt,
    updated_at: doc.updatedAt,
    tags: doc.tags,
    body: readBody(sql, n),
    log: readLog(sql, n).map(({ id, at, text }) => ({ entry_id: id, at, text })),
    tombstoned: doc.tombstoned,
  };
}
