import { absolute } from '#cli/fields.ts';
import type { RunCommandLine } from '#cli/command.ts';
import { printJson } from '#cli/print/output.ts';
import { progressBar } from '#cli/print/progress.ts';

export const run: RunCommandLine = async (input, context) => {
  const client = await context.client();
  const path = input.args[0] === undefined ? undefined : absolute(input.args[0], context);
  using bar = progressBar(context, 'copying');
  const made = await client.read('store.backup', { path }, bar.show);
  bar.clear();
  if (context.isJson) printJson(context, made);
  else context.print(`backed up to ${made.path} (${size(made.bytes)})\n`);
};

function size(bytes: number): string {
  const mib = bytes / 2 ** 20;
  return mib < 10 ? `${mib.toFixed(1)} MiB` : `${Math.round(mib)} MiB`;
}
