import type { RunCommandLine } from '#cli/command.ts';
import { editContext } from '#cli/edit-body.ts';
import { bodyChangeOf } from '#cli/fields.ts';
import { printBody, printChange, printJson } from '#cli/print/output.ts';

export const run: RunCommandLine = async (input, context) => {
  const change = bodyChangeOf(input, context);
  const id = input.first;
  if (change === 'edit') return editContext(context, id);
  const client = await context.client();
  if (change !== null) {
    printChange(context, 'changed', await client.change('context.write', { id, ...change }));
    return;
  }
  const answer = await client.read('context.read', { id });
  if (context.isJson) printJson(context, answer);
  else printBody(context, answer.body);
};
