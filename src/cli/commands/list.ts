import type { RunCommandLine } from '#cli/command.ts';
import { choice, sought } from '#cli/fields.ts';
import { printJson, wantsShortIds } from '#cli/print/output.ts';
import { printTasks } from '#cli/print/tasks.ts';
import { ATTENTIONS, STATES } from '#core/task.ts';

export const run: RunCommandLine = async (input, context) => {
  const grep = input.text('grep');
  const client = await context.client();
  const { today, rows } = await client.read('task.list', {
    project: input.text('project'),
    tag: input.text('tag'),
    key: input.text('key'),
    grep: grep === undefined ? undefined : sought(grep),
    attention: choice('attention', ATTENTIONS, input.text('attention')),
    state: choice('state', STATES, input.text('state')),
    due: input.flag('due'),
    all: input.flag('all'),
    ...wantsShortIds(context),
  });
  if (context.isJson) printJson(context, rows);
  else if (rows.length === 0) context.note('No task is like that.');
  else await printTasks(context, rows, today);
};
