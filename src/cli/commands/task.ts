import type { RunCommandLine } from '#cli/command.ts';
import { fieldsOf } from '#cli/fields.ts';
import { printChange, wantsShortIds } from '#cli/print/output.ts';

export const run: RunCommandLine = async (input, context) => {
  const client = await context.client();
  const row = await client.change('task.add', {
    title: input.first,
    ...fieldsOf(input, context),
    ...wantsShortIds(context),
  });
  printChange(context, row.created ? 'filed' : 'updated', row);
};
