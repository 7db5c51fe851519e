import type { RunCommandLine } from '#cli/command.ts';
import { printChange, printJson, wantsShortIds } from '#cli/print/output.ts';

/**
 * What `done`, `drop` and `skip` do. With `--json` one id gives its row, several
 * give an array of them.
 */
export function closing(
  method: 'task.done' | 'task.drop' | 'task.skip',
  verb: string,
): RunCommandLine {
  return async (input, context) => {
    const client = await context.client();
    const params = { ids: [...input.args], ...wantsShortIds(context) };
    const { rows } = await client.change(method, params);
    if (context.isJson && input.args.length > 1) {
      printJson(context, rows);
      return;
    }
    for (const row of rows) {
      printChange(context, verb, row);
      const isBack = row.state === 'outstanding' && !context.isJson;
      if (isBack) context.note(`it comes again: ${row.do_on ?? row.late_from ?? 'today'}`);
    }
  };
}
