import type { RunCommandLine } from '#cli/command.ts';
import { printChange } from '#cli/print/output.ts';

export const run: RunCommandLine = async (input, context) => {
  const client = await context.client();
  const archived = !input.flag('undo');
  const row = await client.change('project.archive', { id: input.first, archived });
  printChange(context, archived ? 'archived' : 'brought back', row);
};
