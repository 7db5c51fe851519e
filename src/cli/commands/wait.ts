import type { Context, RunCommandLine } from '#cli/command.ts';
import { TimeIsOver, UsageError } from '#cli/fail.ts';
import { choice } from '#cli/fields.ts';
import { printChange } from '#cli/print/output.ts';
import { visible } from '#cli/print/visible.ts';
import type { Client } from '#client/client.ts';
import { ClientError } from '#client/errors.ts';
import { HephError } from '#core/errors.ts';
import { STATES, type State } from '#core/task.ts';
import type { Result } from '#protocol/methods.ts';

const CLOSED = 'done,dropped';

export const run: RunCommandLine = async (input, context) => {
  const states = (input.text('state') ?? CLOSED)
    .split(',')
    .map((word) => choice('state', STATES, word.trim()) as State);
  const limit = input.text('timeout');
  const limitMs = limit === undefined ? null : durationMs(limit);
  const client = await context.client();
  // Whichever id or part of one was typed, it is this task that is meant.
  const { node_id: id } = await client.read('task.show', { id: input.first });
  const task = await within(limitMs, limit ?? '', arrival(client, id, states));
  say(context, task);
};

/** Resolves to the task once it is in one of the states. */
async function arrival(
  client: Client,
  id: string,
  states: readonly State[],
): Promise<Result<'task.show'>> {
  for await (const change of client.changes()) {
    if (change !== null && change.node_id !== id) continue;
    const task = await client.read('task.show', { id }).catch(goneForNow);
    if (task !== null && states.includes(task.state)) return task;
    if (task?.tombstoned === true)
      throw new HephError({
        code: 'deleted',
        is: { node_id: id, kind: 'task', title: task.title },
      });
  }
  throw new Error('the changes came to an end');
}

/** The daemon left before it could answer: with the next one the changes begin again. */
function goneForNow(error: unknown): null {
  if (error instanceof ClientError && error.trouble.code === 'no_daemon') return null;
  throw error;
}

function say(context: Context, task: Result<'task.show'>): void {
  const { body: _body, ...row } = task;
  printChange(context, task.state, row);
}

async function within<T>(limitMs: number | null, text: string, promise: Promise<T>): Promise<T> {
  if (limitMs === null) return promise;
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new TimeIsOver(`cannot wait any longer: ${visible(text)} are over`)),
    limitMs,
  );
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** No timer of the runtime goes further. */
const LIMIT_MS_MAX = 2 ** 31 - 1;

function durationMs(text: string): number {
  const match = /^(\d{1,9})([smhd])$/.exec(text.trim());
  const ms = Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? Number.NaN);
  if (ms > 0 && ms <= LIMIT_MS_MAX) return ms;
  throw new UsageError(
    `cannot wait for "${visible(text)}": --timeout takes a time such as 90s, 10m, 2h or 1d, up to 24d`,
  );
}
