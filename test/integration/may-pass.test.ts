import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StoreLock } from '#store/lock.ts';
import { openStore } from '#store/open.ts';
import { runHephd, startDaemon } from '../support/daemon.ts';
import { Sandbox } from '../support/sandbox.ts';
import { onSmallDisk } from '../support/small-disk.ts';

let sandbox: Sandbox;
let db: string;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  db = sandbox.at('heph.db');
  openStore(db).close();
  // As any hephd leaves it.
  StoreLock.take(db, process.pid)[Symbol.dispose]();
});
afterEach(() => sandbox[Symbol.asyncDispose]());

describe('what may be over in a moment: exit 1, so that the manager tries again', () => {
  test('another program holds the store', { timeout: 60_000 }, async () => {
    const other = new Sqlite(db);
    other.exec('BEGIN IMMEDIATE');
    const ended = await runHephd(['--db', db, '--socket', sandbox.at('s')], {
      folder: sandbox.path,
    });
    expect(ended).toMatchObject({
      code: 1,
      stderr: `cannot open the store ${db}: another program has it locked, such as sqlite3; end that one`,
    });
    other.close();
    await using _serves = await startDaemon({ folder: sandbox.path });
  });

  test.for<[string, boolean]>([
    ['and hephd has been there before', true],
    ['at its first start', false],
  ])('the disk is full, %s', async ([, isThere], { skip }) => {
    const disk = sandbox.at('disk');
    const copy = isThere ? `cp '${db}' '${db}.lock' .;` : '';
    const prepare = `${copy} cat /dev/zero >filler 2>/dev/null`;
    const { runner, missing } = onSmallDisk(disk, { size: '2m', prepare });
    skip(missing !== null, missing ?? '');
    const ended = await runHephd(['--db', `${disk}/heph.db`, '--socket', sandbox.at('s')], {
      folder: sandbox.path,
      runner,
    });
    expect(ended).toMatchObject({
      code: 1,
      stderr: `cannot open the store ${disk}/heph.db: the disk is full; make room`,
    });
  });
});
