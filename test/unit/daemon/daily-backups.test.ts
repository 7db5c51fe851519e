import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { backUpIfDue } from '#daemon/daily-backups.ts';
import { settableClock } from '../../support/clock.ts';
import { Sandbox } from '../../support/sandbox.ts';

const NOON = '2026-11-24T12:00:00Z';

async function look(
  there: string[],
  keep: number,
  backUp?: (path: string) => Promise<void>,
): Promise<{ left: string[]; told: string[] }> {
  await using sandbox = await Sandbox.make();
  const folder = sandbox.at('backups');
  if (there.length > 0) mkdirSync(folder);
  for (const name of there) writeFileSync(`${folder}/${name}`, '');
  const told: string[] = [];
  await backUpIfDue({
    folder,
    keep,
    clock: settableClock(NOON),
    stop: new AbortController().signal,
    backUp:
      backUp ??
      (async (path) => {
        mkdirSync(folder, { recursive: true });
        writeFileSync(path, 'copy', { flag: 'wx' });
      }),
    log: (event) => told.push(event),
  });
  return { left: there.length > 0 || !backUp ? readdirSync(folder).toSorted() : [], told };
}

test.each([
  ['the first', [], 7, ['daily-2026-11-24.db']],
  ['none, where today has one', ['daily-2026-11-24.db'], 7, ['daily-2026-11-24.db']],
  [
    'and the oldest goes, over a turn of the year too',
    ['daily-2025-12-31.db', 'daily-2026-11-22.db', 'daily-2026-11-23.db'],
    3,
    ['daily-2026-11-22.db', 'daily-2026-11-23.db', 'daily-2026-11-24.db'],
  ],
  [
    'and what was not made daily stays',
    ['heph-2020-01-01.db', 'replaced-2020.db', 'daily-2020-01-01.db', 'daily-x.db'],
    1,
    ['daily-2026-11-24.db', 'daily-x.db', 'heph-2020-01-01.db', 'replaced-2020.db'],
  ],
])('a daily backup: %s', async (_, there, keep, left) => {
  expect(await look(there, keep)).toEqual({ left, told: [] });
});

test('one that cannot be made is told, and none is removed for it', async () => {
  const full = async () => {
    throw new Error('disk full');
  };
  const there = ['daily-2026-11-21.db', 'daily-2026-11-22.db'];
  expect(await look(there, 1, full)).toEqual({ left: there, told: ['no-backup'] });
});
