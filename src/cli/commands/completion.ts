import type { RunCommandLine } from '#cli/command.ts';
import { UsageError } from '#cli/fail.ts';
import { printJson } from '#cli/print/output.ts';
import { visible } from '#cli/print/visible.ts';
import { SHELLS } from '#cli/specs/words.ts';

export const run: RunCommandLine = async (input, context) => {
  const shell = SHELLS.find((name) => name === input.first);
  if (shell === undefined) {
    throw new UsageError(
      `cannot complete in "${visible(input.first)}": it is one of ${SHELLS.join(', ')}`,
      'see: heph help completion',
    );
  }
  const { completionFor } = await import('#cli/completion/script.ts');
  const script = completionFor(shell, context.commands);
  if (context.isJson) printJson(context, { shell, script });
  else context.print(script);
};
