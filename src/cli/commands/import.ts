import type { Context, Input, RunCommandLine } from '#cli/command.ts';
import { EXIT, UsageError } from '#cli/fail.ts';
import { takeIn, type Imported } from '#cli/import/take-in.ts';
import type { ImportResult } from '#cli/import/reader.ts';
import { countOfNodes, printJson } from '#cli/print/output.ts';
import { visible } from '#cli/print/visible.ts';
import { LIMITS } from '#core/node.ts';

/** What of a folder was no text for the reader is only named. */
interface Read extends ImportResult {
  others: string[];
}

/** Of a markdown export, a file is a body and all that stands before it. */
const FILE_BYTES_MAX = 2 * LIMITS.bodyBytes;

export const run: RunCommandLine = async (input, context) => {
  const { records, problems, others } = await readAs(input, context);
  const isDry = input.flag('dry-run');
  const imported = isDry ? null : await takeIn(context, records, input.flag('keep'));
  const all = [...problems, ...(imported?.problems ?? [])];
  if (context.isJson) {
    const { created = 0, updated = 0, unchanged = 0 } = imported ?? {};
    const read = { read: records.length, created, updated, unchanged };
    printJson(context, { ...read, dry_run: isDry, problems: all, attachments: others });
  } else {
    say(context, records.length, imported, others);
    for (const { place, why } of all) context.note(visible(`${place}: ${why}`));
  }
  return all.length === 0 ? EXIT.done : EXIT.failed;
};

async function readAs(input: Input, { invocation }: Context): Promise<Read> {
  const [format = '', path = ''] = input.args;
  const name = path === '-' ? 'standard input' : path.slice(path.lastIndexOf('/') + 1);
  const text = () => invocation.readText(path);
  const folder = (bytesMax: number) => invocation.readFolder(path, '.md', bytesMax);
  switch (format) {
    case 'taskwarrior': {
      const { readTaskwarrior } = await import('#cli/import/taskwarrior.ts');
      return { ...readTaskwarrior(await text(), name), others: [] };
    }
    case 'todotxt': {
      const { readTodotxt } = await import('#cli/import/todotxt.ts');
      return { ...readTodotxt(await text(), name), others: [] };
    }
    case 'obsidian': {
      const { readVault } = await import('#cli/import/obsidian.ts');
      const { name: vault, files, others, problems } = await folder(LIMITS.bodyBytes);
      const { records, problems: more } = await readVault(files, vault);
      return { records, problems: [...problems, ...more], others };
    }
    case 'heph': {
      const { readHephFolder, readHephJson } = await import('#cli/import/heph.ts');
      if (!(await invocation.isFolder(path)))
        return { ...readHephJson(await text(), name), others: [] };
      const { files, others, problems } = await folder(FILE_BYTES_MAX);
      const { records, problems: more } = await readHephFolder(files);
      return { records, problems: [...problems, ...more], others };
    }
    default:
      throw new UsageError(
        `cannot import "${visible(format)}": it is one of heph, taskwarrior, todotxt, obsidian`,
        'see: heph help import',
      );
  }
}

function say(context: Context, read: number, imported: Imported | null, others: string[]): void {
  if (imported === null) context.print(`would take in ${countOfNodes(read)}\n`);
  else {
    const { created, updated, unchanged } = imported;
    context.print(
      `imported: ${created} made, ${updated} changed, ${unchanged} as they were before\n`,
    );
  }
  if (others.length === 0) return;
  const some = others.slice(0, 10).map((other) => `  ${visible(other)}`);
  const more = others.length > 10 ? [`  and ${others.length - 10} more`] : [];
  context.note(['not taken, as they are no notes:', ...some, ...more].join('\n'));
}
