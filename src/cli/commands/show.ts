import type { RunCommandLine } from '#cli/command.ts';
import { printJson, wantsShortIds } from '#cli/print/output.ts';
import { printTask } from '#cli/print/task.ts';

export const run: RunCommandLine = async (input, context) => {
  const client = await context.client();
  const task = await client.read('task.show', { id: input.first, ...wantsShortIds(context) });
  if (context.isJson) printJson(context, task);
  else printTask(context, task);
};
