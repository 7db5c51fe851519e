import type { Context, RunCommandLine } from '#cli/command.ts';
import { UsageError } from '#cli/fail.ts';
import { absolute, choice } from '#cli/fields.ts';
import { countOfNodes, printJson } from '#cli/print/output.ts';
import { progressBar } from '#cli/print/progress.ts';
import { HephError } from '#core/errors.ts';
import type { Client } from '#client/client.ts';
import type { Result } from '#protocol/methods.ts';
import type { NodeRecord } from '#protocol/records.ts';
import { VERSION } from '#protocol/version.ts';

const FORMATS = ['json', 'markdown'] as const;

export const run: RunCommandLine = async (input, context) => {
  const format = choice('format', FORMATS, input.text('format')) ?? 'json';
  const path = input.args[0] === undefined ? null : absolute(input.args[0], context);
  if (format === 'markdown' && path === null) {
    throw new UsageError('cannot export markdown without a folder', 'see: heph help export');
  }
  if (context.isJson && path === null) {
    throw new UsageError(
      'cannot say what was exported where the export itself goes',
      'name a file, or leave out --json',
    );
  }
  const client = await context.client();
  const begun = await client.read('export.begin', {});
  const { nodes } = begun;
  if (path === null) {
    for await (const text of await asJson(client, context, begun)) context.print(text);
    return;
  }
  const { writeFile, writeFolder } = context.invocation;
  if (format === 'json') await writeFile(path, await asJson(client, context, begun));
  else await writeFolder(path, asMarkdown(client, context, begun));
  if (context.isJson) printJson(context, { path, format, nodes });
  else context.print(`exported ${countOfNodes(nodes)} to ${path}\n`);
};

type Begun = Result<'export.begin'>;

async function asJson(client: Client, context: Context, begun: Begun) {
  const { jsonExport } = await import('#cli/export/json.ts');
  const { at, owner_id } = begun;
  const head = { heph_export: 1, version: VERSION, exported_at: at, owner_id } as const;
  return jsonExport(head, pages(client, context, begun));
}

async function* asMarkdown(client: Client, context: Context, begun: Begun) {
  const { markdownWriter } = await import('#cli/export/markdown.ts');
  const toFile = markdownWriter();
  for await (const records of pages(client, context, begun)) yield* records.map(toFile);
}

async function* pages(
  client: Client,
  context: Context,
  begun: Begun,
): AsyncGenerator<NodeRecord[]> {
  using bar = progressBar(context, 'exporting');
  let done = 0;
  for (;;) {
    const { records } = await client.read('export.page', { export_id: begun.export_id });
    if (records.length === 0) break;
    done += records.length;
    bar.show(done, begun.nodes);
    yield records;
  }
  bar.clear();
  // A part whose answer was lost is not sent again.
  if (done !== begun.nodes) throw new HephError({ code: 'no_export', export_id: begun.export_id });
}
