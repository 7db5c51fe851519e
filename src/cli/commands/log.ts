import type { RunCommandLine } from '#cli/command.ts';
import { textOrStdin } from '#cli/fields.ts';
import { printChange, printJson } from '#cli/print/output.ts';
import { printTable } from '#cli/print/table.ts';
import { localTime } from '#cli/print/when.ts';

export const run: RunCommandLine = async (input, context) => {
  const client = await context.client();
  const id = input.first;
  const text = textOrStdin(input.args[1], context);
  if (text !== undefined) {
    printChange(context, 'noted on', await client.change('log.add', { id, text }));
    return;
  }
  const { rows } = await client.read('log.list', { id });
  if (context.isJson) printJson(context, rows);
  else if (rows.length === 0) context.note('Nothing was noted.');
  else
    await printTable(
      context,
      rows.map((row) => [localTime(row.at), row.text]),
    );
};
