import type { RunCommandLine } from '#cli/command.ts';
import { sought } from '#cli/fields.ts';
import { limitOf } from '#cli/limit.ts';
import { printJson, wantsShortIds } from '#cli/print/output.ts';
import { printTable } from '#cli/print/table.ts';

export const run: RunCommandLine = async (input, context) => {
  const query = sought(input.args.join(' '));
  const client = await context.client();
  const { rows } = await client.read('search', {
    query,
    ...limitOf(input),
    ...wantsShortIds(context),
  });
  if (context.isJson) printJson(context, rows);
  else if (rows.length === 0) context.note('Nothing has that.');
  else {
    const cells = rows.map(
      ({ node_id: id, short_id: short, kind, state, title, where, snippet }) => [
        short ?? id,
        state === null || state === 'outstanding' ? kind : state,
        title,
        where === 'title' ? '' : `${where}: ${snippet}`,
      ],
    );
    await printTable(context, cells);
  }
};
