import type { RunCommandLine } from '#cli/command.ts';
import { limitOf } from '#cli/limit.ts';
import { printJson, wantsShortIds } from '#cli/print/output.ts';
import { printRanked } from '#cli/print/tasks.ts';

export const run: RunCommandLine = async (input, context) => {
  const limit = limitOf(input);
  const client = await context.client();
  const { today, rows } = await client.read('task.next', { ...limit, ...wantsShortIds(context) });
  if (context.isJson) printJson(context, rows);
  else if (rows.length === 0) context.note('Nothing is next: no task is waiting for today.');
  else await printRanked(context, rows, today, input.flag('explain'));
};
