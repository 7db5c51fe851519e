import type { Context } from '#cli/command.ts';
import { visible } from '#cli/print/visible.ts';

/**
 * Rows of cells: aligned on a terminal, the last one cut where it does not fit;
 * between tabs for a pipe, made for `cut` and `awk`.
 */
export async function printTable(
  context: Context,
  rows: readonly (readonly string[])[],
): Promise<void> {
  const { columns } = context.invocation;
  const shown = rows.map((row) => row.map((cell) => visible(cell).replaceAll(/\s+/g, ' ')));
  if (columns === null) {
    context.print(shown.map((row) => `${row.join('\t')}\n`).join(''));
    return;
  }
  const { fit, pad, widthOf } = await import('#cli/print/width.ts');
  const widths = (shown[0] ?? []).map((_, i) =>
    Math.max(...shown.map((row) => widthOf(row[i] ?? ''))),
  );
  const lines = shown.map((row) => {
    const line = row.map((cell, i) => (i === row.length - 1 ? cell : pad(cell, widths[i] ?? 0)));
    return `${fit(line.join('  '), columns).trimEnd()}\n`;
  });
  context.print(lines.join(''));
}
