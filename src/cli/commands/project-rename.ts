import type { RunCommandLine } from '#cli/command.ts';
import { noteRelinked, printChange } from '#cli/print/output.ts';

export const run: RunCommandLine = async (input, context) => {
  const client = await context.client();
  const name = input.args[1] ?? '';
  const row = await client.change('project.rename', { id: input.first, name });
  printChange(context, 'renamed', row);
  noteRelinked(context, row.relinked);
};
