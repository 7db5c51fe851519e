import type { RunCommandLine } from '#cli/command.ts';
import { UsageError } from '#cli/fail.ts';
import { printJson, wantsShortIds } from '#cli/print/output.ts';
import { printRanked } from '#cli/print/tasks.ts';

const LIMIT_MAX = 1000;

export const run: RunCommandLine = async (input, context) => {
  const limit = count(input.text('number'));
  const client = await context.client();
  const { today, rows } = await client.read('task.next', {
    ...(limit === undefined ? {} : { limit }),
    ...wantsShortIds(context),
  });
  if (context.isJson) printJson(context, rows);
  else if (rows.length === 0) context.note('Nothing is next: no task is waiting for today.');
  else await printRanked(context, rows, today, input.flag('explain'));
};

function count(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= LIMIT_MAX) return number;
  throw new UsageError(`cannot show "${text}" tasks: -n takes a number from 1 to ${LIMIT_MAX}`);
}
