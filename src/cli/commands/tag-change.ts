import type { RunCommandLine } from '#cli/command.ts';
import { printChange } from '#cli/print/output.ts';

/** `tag add` and `tag remove`. */
export const run: RunCommandLine = async (input, context) => {
  const client = await context.client();
  const method = input.command.path[1] === 'add' ? 'tag.add' : 'tag.remove';
  const [id = '', ...tags] = input.args;
  printChange(context, 'changed', await client.change(method, { id, tags }));
};
