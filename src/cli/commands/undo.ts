import type { RunCommandLine } from '#cli/command.ts';
import { printJson } from '#cli/print/output.ts';
import { printTransaction } from '#cli/print/history.ts';

export const run: RunCommandLine = async (_input, context) => {
  const client = await context.client();
  const { undone } = await client.change('history.undo', {});
  if (context.isJson) printJson(context, { undone });
  else if (undone === null) context.note('There is nothing to undo on this device.');
  else {
    context.print('undone:\n');
    printTransaction(context, undone);
  }
};
