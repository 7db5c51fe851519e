import type { RunCommandLine } from '#cli/command.ts';
import { textOrStdin } from '#cli/fields.ts';
import { printChange } from '#cli/print/output.ts';

export const run: RunCommandLine = async (input, context) => {
  const client = await context.client();
  const body = textOrStdin(input.text('body'), context);
  printChange(context, 'wrote', await client.change('doc.new', { title: input.first, body }));
};
