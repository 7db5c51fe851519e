import type { RunCommandLine } from '#cli/command.ts';
import { printChange, printJson } from '#cli/print/output.ts';

export const run: RunCommandLine = async (input, context) => {
  const client = await context.client();
  const { rows } = await client.change('node.delete', { ids: [...input.args] });
  if (context.isJson && input.args.length > 1) printJson(context, rows);
  else for (const row of rows) printChange(context, 'deleted', row);
};
