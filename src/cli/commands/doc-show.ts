import type { RunCommandLine } from '#cli/command.ts';
import { printBody, printJson } from '#cli/print/output.ts';

export const run: RunCommandLine = async (input, context) => {
  const client = await context.client();
  const doc = await client.read('doc.show', { id: input.first });
  if (context.isJson) printJson(context, doc);
  else printBody(context, doc.body);
};
