import type { RunCommandLine } from '#cli/command.ts';
import { printJson } from '#cli/print/output.ts';
import { printTable } from '#cli/print/table.ts';

export const run: RunCommandLine = async (_input, context) => {
  const client = await context.client();
  const { rows } = await client.read('tag.list', {});
  if (context.isJson) printJson(context, rows);
  else if (rows.length === 0) context.note('Nothing has a tag.');
  else
    await printTable(
      context,
      rows.map(({ tag, outstanding }) => [tag, String(outstanding)]),
    );
};
