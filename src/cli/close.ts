import type { RunCommandLine } from '#cli/command.ts';
import { printChange, printJson, wantsShortIds } from '#cli/print/output.ts';

/**
 * What `done` and `drop` do. With `--json` one id gives its row, several give
 * an array of them.
 */
export function closing(method: 'task.done' | 'task.drop', verb: string): RunCommandLine {
  return async (input, context) => {
    const client = await context.client();
    const params = { ids: [...input.args], ...wantsShortIds(context) };
    const { rows } = await client.change(method, params);
    if (context.isJson && input.args.length > 1) printJson(context, rows);
    else for (const row of rows) printChange(context, verb, row);
  };
}
