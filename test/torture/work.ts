import { openClient } from '#client/open.ts';
import { resolvePaths } from '#config/paths.ts';
import type { Ledger } from './ledger.ts';
import type { Random } from './random.ts';

export interface Place {
  socket: string;
  db: string;
}

/**
 * A client that files, appends to and closes tasks of its own, one request after
 * another, until one is refused or nobody answers; it notes what it asks and what
 * is acknowledged.
 * @returns why it ended; null when it was told to stop.
 */
export async function work(
  { socket, db }: Place,
  name: string,
  ledger: Ledger,
  random: Random,
  stop?: AbortSignal,
): Promise<unknown> {
  const client = openClient(resolvePaths('/', '/', { socket, db }));
  const mine: { title: string; id: string }[] = [];
  try {
    for (let nth = 0; ; nth++) {
      if (stop?.aborted) return null;
      const chance = random.next();
      const one = mine.length === 0 || chance < 0.4 ? null : random.pick(mine);
      if (one === null) {
        const title = `${name}.${nth}`;
        ledger.filing(title);
        const { node_id: id } = await client.change('task.add', { title });
        ledger.filed(title, id);
        mine.push({ title, id });
      } else if (chance < 0.8) {
        const token = `${name}:${nth}${'x'.repeat(random.is(0.1) ? random.int(0, 20_000) : 0)}`;
        ledger.appending(one.title, token);
        await client.change('context.write', { id: one.id, append: token });
        ledger.appended(one.title, token);
      } else {
        const method = random.pick(['task.done', 'task.drop'] as const);
        const state = method === 'task.done' ? 'done' : 'dropped';
        mine.splice(mine.indexOf(one), 1);
        ledger.closing(one.title, state);
        await client.change(method, { ids: [one.id] });
        ledger.closed(one.title, state);
      }
    }
  } catch (error) {
    return error;
  } finally {
    client.close();
  }
}
