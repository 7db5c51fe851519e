import type { RunCommandLine } from '#cli/command.ts';
import { printJson } from '#cli/print/output.ts';
import { printTable } from '#cli/print/table.ts';

export const run: RunCommandLine = async (input, context) => {
  const client = await context.client();
  const { rows } = await client.read('link.back', { id: input.first });
  if (context.isJson) printJson(context, rows);
  else if (rows.length === 0) context.note('Nothing links to it.');
  else
    await printTable(
      context,
      rows.map(({ node_id: id, kind, title }) => [id, kind, title]),
    );
};
