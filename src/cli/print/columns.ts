import type { Colour, Paint } from '#cli/print/style.ts';
import { fit, pad, widthOf } from '#cli/print/width.ts';

/** A task as the cells of its line. */
export interface Cells {
  id: string;
  mark: string;
  title: string;
  more: string;
}

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

/** Aligned columns, as wide as the terminal at the most. */
export function forTerminal(
  lines: Cells[],
  columns: number,
  paint: Paint,
  reasons: string[] | undefined,
): string {
  const widest = (cell: keyof Cells) => Math.max(0, ...lines.map((line) => widthOf(line[cell])));
  const idWidth = widest('id');
  const markWidth = widest('mark');
  const left = idWidth + markWidth + 4;
  const titleWidth = Math.max(
    TITLE_COLUMNS_MIN,
    Math.min(widest('title'), columns - left - widest('more') - 2),
  );
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
