import { HephError } from '#core/errors.ts';
import { read } from '#daemon/dispatch.ts';
import { stack } from '#daemon/stack.ts';
import type { Answer, Question, ReaderData } from '#daemon/readers.ts';
import type { World } from '#daemon/world.ts';
import { systemClock } from '#node/clock.ts';
import { newUlid } from '#node/new-id.ts';
import { readMeta } from '#store/meta.ts';
import { openReader } from '#store/open.ts';
import { asHephError } from '#store/problems.ts';
import { Snapshots } from '#store/snapshots.ts';
import { Statements } from '#store/sqlite.ts';

/**
 * Answers one question after another, on a connection that can only read.
 * @throws {StoreError} the store cannot be opened.
 */
export function answersOf({ dbPath, followsZone }: ReaderData): (question: Question) => Answer {
  const sql = new Statements(openReader(dbPath));
  const world: World = {
    sql,
    clock: systemClock(followsZone),
    newId: newUlid,
    origin: readMeta(sql, 'origin'),
    snapshots: new Snapshots(() => openReader(dbPath)),
  };
  return ({ method, params }) => {
    try {
      return { json: JSON.stringify(read(world, method, params)) };
    } catch (error) {
      const known = asHephError(error);
      if (known instanceof HephError) return { problem: known.problem };
      return { defect: { message: String(error), stack: stack(error) } };
    }
  };
}
