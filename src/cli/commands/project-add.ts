import type { RunCommandLine } from '#cli/command.ts';
import { printChange } from '#cli/print/output.ts';

export const run: RunCommandLine = async (input, context) => {
  const client = await context.client();
  const row = await client.change('project.add', { name: input.first });
  printChange(context, row.created ? 'made' : 'kept', row);
};
