import type { RunCommandLine } from '#cli/command.ts';
import { UsageError } from '#cli/fail.ts';
import { editedFieldsOf } from '#cli/fields.ts';
import { printChange, wantsShortIds } from '#cli/print/output.ts';

export const run: RunCommandLine = async (input, context) => {
  const fields = { title: input.text('title'), ...editedFieldsOf(input, context) };
  if (Object.values(fields).every((value) => value === undefined)) {
    throw new UsageError('cannot edit: nothing to change was given', 'see: heph help edit');
  }
  const client = await context.client();
  const params = { id: input.first, ...fields, ...wantsShortIds(context) };
  printChange(context, 'changed', await client.change('task.edit', params));
};
