import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { read } from '#daemon/dispatch.ts';
import type { Result } from '#protocol/methods.ts';
import { SCHEMA } from '#store/migrations/list.ts';
import { Core } from '../../support/builders.ts';
import { Sandbox } from '../../support/sandbox.ts';

const released = globSync('fixtures/stores/schema-*.sql').toSorted();

test('there is a store of every released schema', () => {
  const expected = Array.from({ length: SCHEMA }, (_, i) => `schema-${i + 1}.sql`);
  expect(released.map((file) => basename(file))).toEqual(expected);
});

test.each(released)('%s opens, is brought up to date, and has all that was in it', async (file) => {
  await using sandbox = await Sandbox.make();
  const path = sandbox.at('heph.db');
  const old = new SqliteDatabase(path);
  old.exec(readFileSync(file, 'utf8'));
  old.close();
  await using core = new Core({ path });
  // Ids count up from the clock, and that of the old store stood where this one does.
  core.clock.advance(1000);
  expect(core.db.pragma('user_version', { simple: true })).toBe(SCHEMA);
  const rows = core.list({ all: true });
  expect(
    rows.map(({ title, state, project, tags, key }) => ({ title, state, project, tags, key })),
  ).toEqual([
    { title: 'Pay the rent', state: 'outstanding', project: 'Home', tags: ['money'], key: null },
    { title: 'Zähne putzen 😀', state: 'outstanding', project: null, tags: [], key: 'teeth' },
    { title: "It's done", state: 'done', project: null, tags: [], key: null },
  ]);
  const rent = await core.call('context.read', { id: rows[0]?.node_id ?? '' });
  expect(rent.body).toMatch(/^By transfer.*\nNot before Friday\.\n$/);
  expect((await core.file('Written today')).created).toBe(true);
  const found = async (query: string) => {
    const { rows: hits } = read(core.world, 'search', { query }) as Result<'search'>;
    return hits.map(({ title }) => title);
  };
  expect(await found('zahne OR tomorrow')).toEqual([]);
  expect(await found('zahne')).toEqual(['Zähne putzen 😀']);
  expect(await found('friday')).toEqual(['Pay the rent']);
});

test('what the index of an older store has by other rules is indexed anew', async () => {
  await using sandbox = await Sandbox.make();
  const path = sandbox.at('heph.db');
  const old = new SqliteDatabase(path);
  old.exec(readFileSync('fixtures/stores/schema-2.sql', 'utf8'));
  old.exec(`UPDATE nodes SET title = '🤔idea', name = '🤔idea' WHERE title = 'Landlord';
    INSERT OR REPLACE INTO search (rowid, title, body, log)
      SELECT n, title, '', '' FROM nodes WHERE title = '🤔idea';`);
  old.close();
  await using core = new Core({ path });
  core.clock.advance(1000);
  const found = async (query: string) =>
    (await core.call('search', { query })).rows.map(({ title }) => title);
  expect(await found('idea')).toEqual(['🤔idea']);
  expect(await found('home')).toEqual(['Home', '🤔idea']);
  expect(core.db.pragma('integrity_check', { simple: true })).toBe('ok');
});
