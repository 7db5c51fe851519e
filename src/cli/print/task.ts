import type { Context } from '#cli/command.ts';
import { printBody } from '#cli/print/output.ts';
import { painter } from '#cli/print/style.ts';
import { visible } from '#cli/print/visible.ts';
import { localTime } from '#cli/print/when.ts';
import { describeRecurrence } from '#core/recurrence-english.ts';
import type { Result } from '#protocol/methods.ts';

/** One task, a field a line, then its context. */
export function printTask(context: Context, task: Result<'task.show'>): void {
  const paint = painter(context);
  const fields: [string, string | null][] = [
    ['id', task.node_id],
    ['state', task.tombstoned ? `${task.state}, deleted` : task.state],
    ['attention', task.attention],
    ['do', task.do_on],
    ['late from', task.late_from],
    ['repeats', repetition(task)],
    ['project', task.project],
    ['tags', task.tags.length === 0 ? null : task.tags.join(' ')],
    ['key', task.key],
    ['filed', localTime(task.created_at)],
    ['changed', localTime(task.updated_at)],
  ];
  context.print(`${paint('bold', visible(task.title))}\n`);
  for (const [name, value] of fields) {
    if (value !== null) context.print(`  ${paint('dim', name.padEnd(9))}  ${visible(value)}\n`);
  }
  if (task.body === '') return;
  context.print('\n');
  printBody(context, task.body);
}

function repetition({ recurrence, recur_from: from }: Result<'task.show'>): string | null {
  if (recurrence === null) return null;
  const words = describeRecurrence(recurrence);
  return from === 'done' ? `${words}, from when it is done` : words;
}
