import type { SizeResult } from './result.ts';
import { ms, table } from './table.ts';

/** The section of the one store in which much was changed at once; of the others nothing. */
export function whileMuchIsChanged({ large }: SizeResult): string[] {
  if (large === null) return [];
  const rows = large.rows.map(({ name, seconds, p50, p99, most }) => [
    name,
    seconds.toFixed(1),
    ...[p50, p99, most].map(ms),
  ]);
  return [
    `## While much is changed at once

\`heph import\` of a todo.txt of ${large.lines.toLocaleString('en')} lines, and \`heph undo\`, in a store that is as large
already. Milliseconds are what another client waits meanwhile that asks for \`task.next\`; the longest wait is
that for the commit.

${table(['', 'seconds', 'p50', 'p99', 'most'], rows)}

`,
  ];
}
