import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { putBack, setAside } from '#store/put-back.ts';
import { Sandbox } from '../../support/sandbox.ts';

const MEMORY = '/dev/shm';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  for (const end of ['', '-wal', '-shm']) writeFileSync(sandbox.at(`heph.db${end}`), `new${end}`);
  writeFileSync(sandbox.at('copy.db'), 'old');
});
afterEach(() => sandbox[Symbol.asyncDispose]());

/** A folder on another disk than the sandbox; null where there is none. */
function elsewhere(): string | null {
  try {
    const isOther = statSync(MEMORY).dev !== statSync(sandbox.path).dev;
    return isOther ? mkdtempSync(`${MEMORY}/heph-test-`) : null;
  } catch {
    return null;
  }
}

const textsIn = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]),
  );
const KEPT = { 'kept.db': 'new', 'kept.db-wal': 'new-wal', 'kept.db-shm': 'new-shm' };

test.for(['beside it', 'on another disk, as where the store is reached by a link'])(
  'what was there is kept whole %s',
  (where, { skip }) => {
    const folder = where === 'beside it' ? sandbox.at('backups') : elsewhere();
    if (folder === null) return skip(`there is no other disk at ${MEMORY}`);
    try {
      putBack(sandbox.at('heph.db'), sandbox.at('copy.db'), `${folder}/kept.db`);
      expect(textsIn(folder)).toEqual(KEPT);
      const left = readdirSync(sandbox.path).filter((name) => name !== 'backups');
      expect(left.toSorted()).toEqual(['copy.db', 'heph.db']);
      expect(readFileSync(sandbox.at('heph.db'), 'utf8')).toBe('old');
      setAside(sandbox.at('heph.db'), `${folder}/aside.db`);
      expect(textsIn(folder)).toEqual({ ...KEPT, 'aside.db': 'old' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
