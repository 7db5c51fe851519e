import type { Client } from '#client/client.ts';
import { ClientError } from '#client/errors.ts';
import { openClient } from '#client/open.ts';
import { resolvePaths } from '#config/paths.ts';
import { HephError } from '#core/errors.ts';
import type { Ledger } from './ledger.ts';
import type { Random } from './random.ts';
import { expectNone } from './trial.ts';

export interface Place {
  socket: string;
  db: string;
}

interface Task {
  title: string;
  id: string;
}

/**
 * A client that files, appends to and closes tasks of its own, one request after
 * another, until one is refused or nobody answers; it notes what it asks and what
 * is acknowledged.
 * @returns why it ended; null when it was told to stop.
 */
export function work(
  place: Place,
  name: string,
  ledger: Ledger,
  random: Random,
  stop?: AbortSignal,
): Promise<unknown> {
  const mine: Task[] = [];
  return inTurns(place, stop, async (client, nth) => {
    const chance = random.next();
    const one = mine.length === 0 || chance < 0.4 ? null : random.pick(mine);
    if (one === null) {
      mine.push(await file(client, ledger, `${name}.${nth}`));
    } else if (chance < 0.8) {
      const token = `${name}:${nth}${'x'.repeat(random.is(0.1) ? random.int(0, 20_000) : 0)}`;
      await append(client, ledger, one, token);
    } else {
      const method = random.pick(['task.done', 'task.drop'] as const);
      const state = method === 'task.done' ? 'done' : 'dropped';
      mine.splice(mine.indexOf(one), 1);
      ledger.closing(one.title, state);
      await client.change(method, { ids: [one.id] });
      ledger.closed(one.title, state);
    }
  });
}

/**
 * A client that does one thing after another.
 * @returns why it ended; null when it was told to stop.
 */
export async function inTurns(
  { socket, db }: Place,
  stop: AbortSignal | undefined,
  turn: (client: Client, nth: number) => Promise<void>,
): Promise<unknown> {
  const client = openClient(resolvePaths('/', '/', { socket, db }));
  try {
    for (let nth = 0; ; nth++) {
      if (stop?.aborted) return null;
      await turn(client, nth);
    }
  } catch (error) {
    return error;
  } finally {
    client.close();
  }
}

/** File a task, and note it. */
export async function file(client: Client, ledger: Ledger, title: string): Promise<Task> {
  ledger.filing(title);
  const { node_id: id } = await client.change('task.add', { title });
  ledger.filed(title, id);
  return { title, id };
}

/** Add to a task's context, and note it. */
export async function append(
  client: Client,
  ledger: Ledger,
  { title, id }: Task,
  token: string,
): Promise<void> {
  ledger.appending(title, token);
  await client.change('context.write', { id, append: token });
  ledger.appended(title, token);
}

/** @throws for clients that ended in another way than they may. */
export function expectEnds(ends: readonly unknown[], mayBe: (end: unknown) => boolean): void {
  const strange = ends.filter((end) => !mayBe(end));
  expectNone(strange.map((end) => `a client ended with ${told(end)}`));
}

function told(end: unknown): string {
  if (end instanceof ClientError) return JSON.stringify(end.trouble);
  return end instanceof HephError ? JSON.stringify(end.problem) : String(end);
}
