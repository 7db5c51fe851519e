import type { RunCommandLine } from '#cli/command.ts';
import { editContext } from '#cli/edit-body.ts';
import { editedFieldsOf } from '#cli/fields.ts';
import { printChange, wantsShortIds } from '#cli/print/output.ts';

export const run: RunCommandLine = async (input, context) => {
  const fields = { title: input.text('title'), ...editedFieldsOf(input, context) };
  if (Object.values(fields).every((value) => value === undefined)) {
    await editContext(context, input.first);
    return;
  }
  const client = await context.client();
  const params = { id: input.first, ...fields, ...wantsShortIds(context) };
  printChange(context, 'changed', await client.change('task.edit', params));
};
