import { editBody } from '#cli/edit-body.ts';
import type { RunCommandLine } from '#cli/command.ts';
import { bodyChangeOf } from '#cli/fields.ts';
import { printChange } from '#cli/print/output.ts';

export const run: RunCommandLine = async (input, context) => {
  const change = bodyChangeOf(input, context);
  const id = input.first;
  const client = await context.client();
  if (change === null || change === 'edit') {
    const before = await client.read('doc.show', { id });
    // The one that was read, whatever is called so by then.
    await editBody(context, before, ({ body, version }) =>
      client.change('doc.edit', { id: before.node_id, body, if_version: version }),
    );
    return;
  }
  printChange(context, 'changed', await client.change('doc.edit', { id, ...change }));
};
