import type { Context } from '#cli/command.ts';
import { painter } from '#cli/print/style.ts';
import { visible } from '#cli/print/visible.ts';
import { localTime } from '#cli/print/when.ts';
import type { EntryRow, TransactionRow } from '#protocol/history.ts';

/** A change as a person made it: when, to what, and what became of each field. */
export function printTransaction(context: Context, row: TransactionRow): void {
  const paint = painter(context);
  const marks = [row.undoes === null ? '' : ' (undo)', row.undone ? ' (undone)' : ''].join('');
  context.print(`${paint('bold', localTime(row.at))}  ${row.method}${marks}\n`);
  for (const [node, entries] of Map.groupBy(row.changes, (entry) => entry.node_id)) {
    const title = visible(entries[0]?.title ?? '');
    const fields = entries.filter(({ field }) => field !== 'updated').map(inWords);
    context.print(`  ${node} ${title}\n`);
    context.print(`    ${paint('dim', fields.join(', '))}\n`);
  }
  const more = row.count - row.changes.length;
  if (more > 0) context.print(`  and ${more} changes more\n`);
}

function inWords({ field, value }: EntryRow): string {
  if (field === 'created') return 'made';
  if (field === 'tombstoned') return value === true ? 'deleted' : 'brought back';
  if (field === 'archived') return value === true ? 'archived' : 'brought back';
  if (field === 'body') {
    const { added, removed } = value as { added: number; removed: number };
    return `text: ${added} characters in, ${removed} out`;
  }
  if (field.startsWith('tag:'))
    return `${value === true ? 'tag' : 'no tag'} ${visible(field.slice(4))}`;
  if (field.startsWith('log:'))
    return value === null ? 'note taken back' : `noted "${inLetters(value)}"`;
  const name = NAMES[field] ?? field;
  return value === null ? `no ${name}` : `${name}: ${inLetters(value)}`;
}

function inLetters(value: unknown): string {
  return visible(typeof value === 'string' ? value : JSON.stringify(value));
}

const NAMES: Readonly<Record<string, string>> = {
  do_on: 'do-date',
  late_from: 'late date',
  recur_from: 'recurs from',
};
