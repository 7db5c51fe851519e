import type { Context, RunCommandLine } from '#cli/command.ts';
import { EXIT, UsageError } from '#cli/fail.ts';
import { printJson } from '#cli/print/output.ts';
import { greetingOf } from '#client/probe.ts';
import { socketDialer } from '#client/socket';

/** Nobody is asked to wait longer for a new version; then one looks no longer. */
const PATIENCE_MS = 120_000;
const POLL_MS = 100;

/** hephd does it all; this asks, and sees what comes of it. */
export const run: RunCommandLine = async (input, context) => {
  const [isCheck, isRollback] = [input.flag('check'), input.flag('rollback')];
  if (isCheck && isRollback) throw new UsageError('cannot check and go back at once: give one');
  if (isCheck) return check(context);
  const client = await context.client();
  const before = await greeting(context);
  const method = isRollback ? 'update.rollback' : 'update.start';
  const { from, to } = await client.read(method, {});
  client.close();
  if (to === null) return said(context, { from, to, running: from });
  if (!context.isJson) context.print(`${from} makes way for ${to}\n`);
  return said(context, { from, to, running: await successor(context, before?.pid ?? null) });
};

async function check(context: Context): Promise<void> {
  const client = await context.client();
  const { running, newer, by_hand_only: byHandOnly } = await client.read('update.check', {});
  if (context.isJson) {
    printJson(context, { from: running, to: newer, running, by_hand_only: byHandOnly });
    return;
  }
  if (newer === null) context.print(`${running} is the newest\n`);
  else context.print(`${newer} is there; go over to it with: heph update\n`);
  if (byHandOnly !== null) context.print(`hephd does not do so by itself: ${byHandOnly}\n`);
}

/** The version that answers in the place of the one that left; null when none does. */
async function successor(context: Context, left: number | null): Promise<string | null> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
    const hello = await greeting(context);
    if (hello !== null && hello.pid !== left) return hello.version;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return null;
}

async function greeting({ paths: { socket } }: Context) {
  const found = await greetingOf(socketDialer(socket), socket);
  return found.kind === 'answers' ? found.hello : null;
}

interface Outcome {
  from: string;
  to: string | null;
  running: string | null;
}

function said(context: Context, { from, to, running }: Outcome): number {
  const isDone = to === null || running === to;
  if (context.isJson) printJson(context, { from, to, running, by_hand_only: null });
  else if (to === null) context.print(`${from} is the newest\n`);
  else if (isDone) context.print(`hephd is now ${to}\n`);
  else if (running === null)
    context.note(
      `cannot see hephd come back within ${PATIENCE_MS / 1000} s\nsee: heph daemon status`,
    );
  else
    context.note(
      `cannot update to ${to}: it did not work here, and ${running} is back\nsee: heph daemon status`,
    );
  return isDone ? EXIT.done : EXIT.failed;
}
