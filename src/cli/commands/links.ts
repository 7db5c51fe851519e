import type { RunCommandLine } from '#cli/command.ts';
import { printJson } from '#cli/print/output.ts';
import { printTable } from '#cli/print/table.ts';

export const run: RunCommandLine = async (input, context) => {
  const client = await context.client();
  const { rows } = await client.read('link.list', { id: input.first });
  if (context.isJson) printJson(context, rows);
  else if (rows.length === 0) context.note('It links to nothing.');
  else {
    const cells = rows.map(({ target, node_id: id, kind, title }) =>
      id === null ? ['-', 'nothing', target] : [id, kind ?? '', title ?? ''],
    );
    await printTable(context, cells);
  }
};
