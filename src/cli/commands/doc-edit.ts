import { editBody } from '#cli/edit-body.ts';
import type { RunCommandLine } from '#cli/command.ts';
import { bodyChangeOf } from '#cli/fields.ts';
import { printChange } from '#cli/print/output.ts';

export const run: RunCommandLine = async (input, context) => {
  const change = bodyChangeOf(input, context);
  const id = input.first;
  const client = await context.client();
  if (change === null || change === 'edit') {
    await editBody(context, await client.read('doc.show', { id }), ({ body, version }) =>
      client.change('doc.edit', { id, body, if_version: version }),
    );
    return;
  }
  printChange(context, 'changed', await client.change('doc.edit', { id, ...change }));
};
