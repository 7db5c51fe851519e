import type { Context } from '#cli/command.ts';
import { explainRank } from '#cli/print/explain-rank.ts';
import type { Cells } from '#cli/print/columns.ts';
import { visible } from '#cli/print/visible.ts';
import { tierOf } from '#core/ranking.ts';
import type { RankedRow, TaskRow } from '#protocol/tasks.ts';

/** What is next, with the reason under each row if asked. */
export function printRanked(
  context: Context,
  rows: readonly RankedRow[],
  today: string,
  isExplained: boolean,
): Promise<void> {
  const reasons = isExplained ? rows.map((row) => explainRank(row, today)) : undefined;
  return printRows(context, rows, today, reasons);
}

export function printTasks(
  context: Context,
  rows: readonly TaskRow[],
  today: string,
): Promise<void> {
  return printRows(context, rows, today);
}

async function printRows(
  context: Context,
  rows: readonly TaskRow[],
  today: string,
  reasons?: string[],
): Promise<void> {
  const { columns } = context.invocation;
  const lines = rows.map((row) => cells(row, today));
  if (columns === null) {
    context.print(forPipe(lines, reasons));
    return;
  }
  // What measures and paints text is loaded only where somebody looks.
  const [{ forTerminal }, { painter }] = await Promise.all([
    import('#cli/print/columns.ts'),
    import('#cli/print/style.ts'),
  ]);
  context.print(forTerminal(lines, columns, painter(context), reasons));
}

function cells(row: TaskRow, today: string): Cells {
  const mark =
    row.state === 'outstanding'
      ? tierOf({ attention: row.attention, lateFrom: row.late_from }, today)
      : row.state;
  const more = [
    row.project === null ? '' : visible(row.project),
    ...row.tags.map((tag) => `#${visible(tag)}`),
    row.do_on === null ? '' : `do ${row.do_on}`,
    row.late_from === null ? '' : `late ${row.late_from}`,
  ];
  return {
    id: row.short_id ?? row.node_id,
    mark,
    title: visible(row.title),
    more: more.filter((part) => part !== '').join('  '),
  };
}

/** Tabs between the cells, whole ids: made for `cut` and `awk`. */
function forPipe(lines: Cells[], reasons: string[] | undefined): string {
  return lines
    .map(
      ({ id, mark, title, more }, i) =>
        `${[id, mark, title, more, ...(reasons ? [reasons[i]] : [])].join('\t')}\n`,
    )
    .join('');
}
