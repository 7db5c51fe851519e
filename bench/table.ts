/** A table of Markdown, with its cells to the right. */
export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---:')), ...rows.map(line)].join('\n');
}

export function ms(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}
