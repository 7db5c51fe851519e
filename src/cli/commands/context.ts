import type { RunCommandLine } from '#cli/command.ts';
import { editContext } from '#cli/edit-context.ts';
import { UsageError } from '#cli/fail.ts';
import { textOrStdin } from '#cli/fields.ts';
import { printBody, printChange, printJson } from '#cli/print/output.ts';

export const run: RunCommandLine = async (input, context) => {
  const append = textOrStdin(input.text('append'), context);
  const body = textOrStdin(input.text('body'), context);
  const ways = [append !== undefined, body !== undefined, input.flag('edit')];
  if (ways.filter(Boolean).length > 1) {
    throw new UsageError(
      'cannot change a context in two ways at once',
      'give one of --append, --body and --edit',
    );
  }
  if (input.flag('edit')) return editContext(context, input.first);
  const client = await context.client();
  const id = input.first;
  if (append === undefined && body === undefined) {
    const answer = await client.read('context.read', { id });
    if (context.isJson) printJson(context, answer);
    else printBody(context, answer.body);
    return;
  }
  const change = append === undefined ? { body } : { append };
  printChange(context, 'changed', await client.change('context.write', { id, ...change }));
};
