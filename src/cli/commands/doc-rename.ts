import type { RunCommandLine } from '#cli/command.ts';
import { noteRelinked, printChange } from '#cli/print/output.ts';

export const run: RunCommandLine = async (input, context) => {
  const client = await context.client();
  const title = input.args[1] ?? '';
  const row = await client.change('doc.rename', { id: input.first, title });
  printChange(context, 'renamed', row);
  noteRelinked(context, row.relinked);
};
