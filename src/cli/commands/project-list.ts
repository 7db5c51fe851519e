import type { RunCommandLine } from '#cli/command.ts';
import { printJson } from '#cli/print/output.ts';
import { visible } from '#cli/print/visible.ts';

export const run: RunCommandLine = async (_input, context) => {
  const client = await context.client();
  const { rows } = await client.read('project.list', {});
  if (context.isJson) printJson(context, rows);
  else context.print(rows.map((row) => `${row.node_id} ${visible(row.title)}\n`).join(''));
};
