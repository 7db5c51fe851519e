import type { RunCommandLine } from '#cli/command.ts';
import { printJson, wantsShortIds } from '#cli/print/output.ts';
import { printTable } from '#cli/print/table.ts';
import { localDate } from '#cli/print/when.ts';

export const run: RunCommandLine = async (_input, context) => {
  const client = await context.client();
  const { rows } = await client.read('doc.list', wantsShortIds(context));
  if (context.isJson) printJson(context, rows);
  else if (rows.length === 0) context.note('There is no document yet: heph doc new TITLE');
  else {
    const cells = rows.map(({ node_id: id, short_id: short, title, tags, updated_at: at }) => [
      short ?? id,
      localDate(at),
      title,
      tags.map((tag) => `#${tag}`).join(' '),
    ]);
    await printTable(context, cells);
  }
};
