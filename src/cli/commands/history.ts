import type { RunCommandLine } from '#cli/command.ts';
import { limitOf } from '#cli/limit.ts';
import { printJson } from '#cli/print/output.ts';
import { printTransaction } from '#cli/print/history.ts';

export const run: RunCommandLine = async (input, context) => {
  const client = await context.client();
  const id = input.args[0];
  const { rows } = await client.read('history.list', { id, ...limitOf(input) });
  if (context.isJson) printJson(context, rows);
  else if (rows.length === 0) context.note('Nothing was changed yet.');
  else for (const row of rows) printTransaction(context, row);
};
