import type { Context } from '#cli/command.ts';
import { explainRank } from '#cli/print/explain-rank.ts';
import { painter, type Colour, type Paint } from '#cli/print/style.ts';
import { visible } from '#cli/print/visible.ts';
import { fit, pad, widthOf } from '#cli/print/width.ts';
import { tierOf } from '#core/ranking.ts';
import type { RankedRow, TaskRow } from '#protocol/tasks.ts';

/** No title is squeezed below this, however narrow the terminal. */
const TITLE_COLUMNS_MIN = 20;

const COLOURS: Record<string, Colour> = {
  red: 'red',
  late: 'magenta',
  orange: 'yellow',
  blue: 'blue',
  done: 'green',
  dropped: 'dim',
};

/** What is next, with the reason under each row if asked. */
export function printRanked(
  context: Context,
  rows: readonly RankedRow[],
  today: string,
  isExplained: boolean,
): void {
  const reasons = isExplained ? rows.map((row) => explainRank(row, today)) : undefined;
  printRows(context, rows, today, reasons);
}

export function printTasks(context: Context, rows: readonly TaskRow[], today: string): void {
  printRows(context, rows, today);
}

function printRows(context: Context, rows: readonly TaskRow[], today: string, reasons?: string[]): void {
  const { columns } = context.invocation;
  const lines = rows.map((row) => cells(row, today));
  const text = columns === null ? forPipe(lines, reasons) : forTerminal(lines, columns, painter(context), reasons);
  context.print(text);
}

interface Cells {
  id: string;
  mark: string;
  title: string;
  more: string;
}

function cells(row: TaskRow, today: string): Cells {
  const mark = row.state === 'outstanding' ? tierOf({ attention: row.attention, lateFrom: row.late_from }, today) : row.state;
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
    .map(({ id, mark, title, more }, i) => `${[id, mark, title, more, ...(reasons ? [reasons[i]] : [])].join('\t')}\n`)
    .join('');
}

function forTerminal(lines: Cells[], columns: number, paint: Paint, reasons: string[] | undefined): string {
  const widest = (cell: keyof Cells) => Math.max(0, ...lines.map((line) => widthOf(line[cell])));
  const idWidth = widest('id');
  const markWidth = widest('mark');
  const left = idWidth + markWidth + 4;
  const titleWidth = Math.max(TITLE_COLUMNS_MIN, Math.min(widest('title'), columns - left - widest('more') - 2));
  return lines
    .map(({ id, mark, title, more }, i) => {
      const colour = COLOURS[mark];
      const shown = pad(mark, markWidth);
      const start = `${paint('bold', pad(id, idWidth))}  ${colour === undefined ? shown : paint(colour, shown)}  `;
      const room = Math.max(0, columns - left - titleWidth - 2);
      const line = `${start}${pad(fit(title, titleWidth), titleWidth)}  ${paint('dim', fit(more, room))}`;
      const reason = reasons ? `\n${' '.repeat(left)}${paint('dim', reasons[i] ?? '')}` : '';
      return `${line.trimEnd()}${reason}\n`;
    })
    .join('');
}
