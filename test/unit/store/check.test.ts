import { readFileSync, writeFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { problemsIn } from '#store/check.ts';
import { openReader, openStore } from '#store/open.ts';
import { Statements } from '#store/sqlite.ts';
import { Sandbox } from '../../support/sandbox.ts';

test('a store is sound until something in it disagrees', async () => {
  await using sandbox = await Sandbox.make();
  const path = sandbox.at('heph.db');
  openStore(path).close();
  expect(problemsOf(path)).toEqual([]);

  const db = new Sqlite(path);
  db.pragma('foreign_keys = OFF');
  db.exec('INSERT INTO projects (n) VALUES (4711)');
  const page = db.pragma('page_size', { simple: true }) as number;
  const root = db
    .prepare("SELECT max(rootpage) FROM sqlite_schema WHERE type = 'index'")
    .pluck()
    .get() as number;
  db.close();
  expect(problemsOf(path)).toEqual(['a row of projects belongs to no row of nodes']);

  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0xff, (root - 1) * page, root * page));
  expect(problemsOf(path).join('\n')).toMatch(/page \d+/i);
});

function problemsOf(path: string): string[] {
  const db = openReader(path);
  try {
    return problemsIn(new Statements(db));
  } finally {
    db.close();
  }
}
