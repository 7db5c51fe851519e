import { editBody } from '#cli/edit-body.ts';
import type { RunCommandLine } from '#cli/command.ts';
import { bodyChangeOf } from '#cli/fields.ts';
import { printBody, printChange, printJson } from '#cli/print/output.ts';

export const run: RunCommandLine = async (input, context) => {
  const change = bodyChangeOf(input, context);
  const date = input.args[0];
  const client = await context.client();
  if (change === 'edit') {
    const page = await client.read('journal.read', { date });
    await editBody(context, page, ({ body, version }) =>
      client.change('journal.write', { date: page.day, body, if_version: version }),
    );
    return;
  }
  if (change !== null) {
    printChange(context, 'wrote', await client.change('journal.write', { date, ...change }));
    return;
  }
  const page = await client.read('journal.read', { date });
  if (context.isJson) printJson(context, page);
  else if (page.node_id === null) context.note(`Nothing was written on ${page.day}.`);
  else printBody(context, page.body);
};
