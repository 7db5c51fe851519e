import { absolute } from '#cli/fields.ts';
import type { RunCommandLine } from '#cli/command.ts';
import { countOfNodes, printJson } from '#cli/print/output.ts';
import { progressBar } from '#cli/print/progress.ts';

export const run: RunCommandLine = async (input, context) => {
  const client = await context.client();
  using bar = progressBar(context, 'restoring');
  const path = absolute(input.first, context);
  const done = await client.read('store.restore', { path }, bar.show);
  bar.clear();
  if (context.isJson) printJson(context, done);
  else {
    context.print(`restored ${done.path}: ${countOfNodes(done.nodes)}\n`);
    context.print(`the store that was there is kept as ${done.replaced}\n`);
  }
};
