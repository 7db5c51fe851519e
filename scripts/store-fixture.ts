/**
 * Print a small store of the present schema as SQL. Once, when a schema is
 * released: the file in fixtures/stores is never changed after that.
 *
 *     node scripts/store-fixture.ts >fixtures/stores/schema-3.sql
 */
import { SCHEMA } from '#store/migrations/list.ts';
import type { Database } from '#store/sqlite.ts';
import { Core } from '../test/support/builders.ts';

/** What the search knows follows from the rest, and its own tables cannot be written to. */
const SEARCH = `INSERT INTO search (rowid, title, body, log)
  SELECT n, title, ifnull((SELECT text FROM bodies WHERE bodies.n = nodes.n), ''),
         ifnull((SELECT group_concat(text, char(10)) FROM log_entries l WHERE l.n = nodes.n), '') FROM nodes;`;

await using core = new Core();
await fill();
process.stdout.write(`${[...dumpOf(core.db)].join('\n')}\n`);

async function fill(): Promise<void> {
  let requests = 0;
  const call: Core['call'] = (method, params) => core.call(method, params, `request-${++requests}`);
  await call('project.add', { name: 'Home' });
  const rent = await call('task.add', {
    title: 'Pay the rent',
    project: 'Home',
    late_on: '+2d',
    tags: ['money'],
    context: 'By transfer, see [[Landlord]].\n',
  });
  await call('task.add', {
    title: 'Zähne putzen 😀',
    do_date: 'today',
    key: 'teeth',
    recur: 'daily',
  });
  await call('context.write', { id: rent.node_id, append: 'Not before Friday.' });
  await call('log.add', { id: rent.node_id, text: 'Called, no answer' });
  const done = await call('task.add', { title: "It's done" });
  await call('task.done', { ids: [done.node_id] });
  await call('doc.new', { title: 'Landlord', body: 'Jo, see [[Home]]' });
  await call('journal.write', { append: 'Moved in' });
  const wrong = await call('task.add', { title: 'A mistake' });
  await call('task.edit', { id: wrong.node_id, title: 'A worse one' });
  await call('history.undo', {});
  await call('history.undo', {});
}

function* dumpOf(db: Database): Generator<string> {
  yield `-- A store as heph wrote it (schema ${SCHEMA}). Opened by test/unit/store/released.test.ts; never changed.`;
  const objects = db
    .prepare(
      "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search\\_%' ESCAPE '\\'",
    )
    .all() as { type: string; name: string; sql: string }[];
  const tables = objects.filter(({ type }) => type === 'table');
  for (const { sql } of tables) yield `${sql};`;
  for (const { sql } of objects.filter(({ type }) => type === 'index')) yield `${sql};`;
  for (const { name } of tables.filter((table) => table.name !== 'search')) yield* rowsOf(db, name);
  yield SEARCH;
  yield `PRAGMA application_id = ${String(db.pragma('application_id', { simple: true }))};`;
  yield `PRAGMA user_version = ${SCHEMA};`;
}

function* rowsOf(db: Database, table: string): Generator<string> {
  for (const row of db.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[]) {
    // What SQLite works out by itself.
    const names = Object.keys(row).filter((name) => !name.endsWith('_key'));
    const values = names.map((name) => literal(row[name]));
    yield `INSERT INTO ${table} (${names.join(', ')}) VALUES (${values.join(', ')});`;
  }
}

function literal(value: unknown): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  return JSON.stringify(value);
}
