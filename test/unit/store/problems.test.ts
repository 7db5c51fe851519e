import { expect, test } from 'vitest';
import type { HephError } from '#core/errors.ts';
import { guarded } from '#store/open.ts';
import { asHephError } from '#store/problems.ts';
import { Core } from '../../support/builders.ts';
import { Sandbox } from '../../support/sandbox.ts';
import { readFileSync, writeFileSync } from 'node:fs';

test('a full disk is said to be one, changes nothing, and is over when there is room', async () => {
  await using core = new Core();
  await core.file('Kept');
  core.db.pragma(`max_page_count = ${String(core.db.pragma('page_count', { simple: true }))}`);
  const long = 'x'.repeat(100_000);
  expect(await core.problem('task.add', { title: 'Lost', context: long })).toEqual({
    code: 'store_full',
  });
  expect(core.list().map(({ title }) => title)).toEqual(['Kept']);
  core.db.pragma('max_page_count = 100000');
  await core.file('Filed after all', { context: long });
  expect(core.list()).toHaveLength(2);
  expect(core.internalErrors).toEqual([]);
});

test('a store that may not be written is said to be read-only, and is read all the same', async () => {
  await using core = new Core();
  const { node_id: id } = await core.file('Kept');
  core.db.pragma('query_only = ON');
  expect(await core.problem('task.done', { ids: [id] })).toEqual({ code: 'store_readonly' });
  expect((await core.call('task.show', { id })).state).toBe('outstanding');
});

test('pages that are garbage are a damaged store, not a defect of heph', async () => {
  await using sandbox = await Sandbox.make();
  const path = sandbox.at('heph.db');
  let pages: number[];
  {
    await using core = new Core({ path });
    for (let i = 0; i < 100; i++) await core.file(`Task ${i} ${'x'.repeat(200)}`);
    pages = core.db
      .prepare(`SELECT pageno FROM dbstat WHERE name = 'nodes'`)
      .pluck()
      .all() as number[];
  }
  const bytes = readFileSync(path);
  for (const page of pages) bytes.fill(0xa5, (page - 1) * 4096, page * 4096);
  writeFileSync(path, bytes);
  await using core = new Core({ path });
  expect(await core.problem('task.next', { limit: 1000 })).toMatchObject({ code: 'store_damaged' });
  expect(core.internalErrors).toEqual([]);
});

test.each([
  ['SQLITE_FULL', 'store_full'],
  ['SQLITE_BUSY', 'store_busy'],
  ['SQLITE_BUSY_SNAPSHOT', 'store_busy'],
  ['SQLITE_NOMEM', 'no_memory'],
  ['SQLITE_IOERR_NOMEM', 'no_memory'],
  ['SQLITE_READONLY_DBMOVED', 'store_readonly'],
  ['SQLITE_CORRUPT_VTAB', 'store_damaged'],
  ['SQLITE_IOERR_FSYNC', 'store_damaged'],
  ['SQLITE_NOTADB', 'store_damaged'],
])('what SQLite calls %s, a client hears as %s', (code, problem) => {
  const known = asHephError(Object.assign(new Error('from the driver'), { code }));
  expect((known as HephError).problem.code).toBe(problem);
  expect((known as HephError).cause).toBeInstanceOf(Error);
});

test.each([
  ['of the driver', new Error('Out of memory')],
  ['of the engine', new RangeError('Array buffer allocation failed')],
  ['of its part for languages', new RangeError('Internal error. Icu error.')],
  [
    'of a worker',
    new Error('Worker terminated due to reaching memory limit: JS heap out of memory'),
  ],
])('memory that ran out is no defect of heph, in the words %s', (_whose, error) => {
  expect((asHephError(error) as HephError).problem).toEqual({ code: 'no_memory' });
});

test('a store that cannot be opened for want of memory is not called damaged', () => {
  const error = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_NOMEM' });
  const open = () => {
    throw error;
  };
  expect(() => guarded('heph.db', open)).toThrow(error);
});

test.each([
  [new Error('plain')],
  [Object.assign(new Error('broken rule'), { code: 'SQLITE_CONSTRAINT' })],
  ['text'],
  [null],
])('what is no trouble of the disk stays what it is: %s', (error) => {
  expect(asHephError(error)).toBe(error);
});
