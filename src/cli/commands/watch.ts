import type { RunCommandLine } from '#cli/command.ts';
import { UsageError } from '#cli/fail.ts';
import { printJson } from '#cli/print/output.ts';
import { visible } from '#cli/print/visible.ts';

/** JSON with or without `--json`: it is for programs. Ctrl-C ends it as it ends any program. */
export const run: RunCommandLine = async (input, context) => {
  const client = await context.client();
  for await (const change of client.changes(seqOf(input.text('since')))) {
    if (change !== null) printJson(context, change);
    if (context.invocation.isReaderGone()) return;
  }
};

function seqOf(text: string | undefined): number | undefined {
  if (text === undefined || /^\d{1,15}$/.test(text))
    return text === undefined ? text : Number(text);
  throw new UsageError(`cannot begin after "${visible(text)}": --since takes the seq of a change`);
}
