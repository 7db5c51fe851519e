import type { Context } from '#cli/command.ts';
import { visible } from '#cli/print/visible.ts';

/** One document, one line. */
export function printJson(context: Context, value: unknown): void {
  context.print(`${JSON.stringify(value)}\n`);
}

/** Short ids are for people: a pipe gets whole ones. */
export function wantsShortIds(context: Context): { short_ids?: true } {
  return context.isJson || context.invocation.columns === null ? {} : { short_ids: true };
}

/** What was done to a node: one line that holds its whole id, for scripts that look for one. */
export function printChange(
  context: Context,
  verb: string,
  row: { node_id: string; title: string },
): void {
  if (context.isJson) printJson(context, row);
  else context.print(`${verb} ${row.node_id} ${visible(row.title)}\n`);
}

/** A body as it is; on a terminal, without what could steer it. */
export function printBody(context: Context, body: string): void {
  const text = context.invocation.columns === null ? body : visible(body);
  context.print(text === '' || text.endsWith('\n') ? text : `${text}\n`);
}

/** Tasks, documents, projects and pages alike. */
export function countOfNodes(count: number): string {
  return count === 1 ? '1 node' : `${count} nodes`;
}

/** That links in other texts were kept whole. */
export function noteRelinked(context: Context, count: number): void {
  if (count === 0) return;
  context.note(
    count === 1 ? 'one text that links to it follows' : `${count} texts that link to it follow`,
  );
}
