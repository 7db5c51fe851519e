import type { Context, Input, RunCommandLine } from '#cli/command.ts';
import { EXIT, LogError, OutputError, UsageError } from '#cli/fail.ts';
import { noteOverrides } from '#cli/note-overrides.ts';
import { printJson } from '#cli/print/output.ts';
import { visible } from '#cli/print/visible.ts';
import { logFilesOf } from '#config/log-files.ts';
import { defaultPaths } from '#config/paths.ts';

const LINES = '20';
/** Between two looks for new lines. */
const POLL_MS = 200;

/** Only reads the files: it needs neither daemon nor service manager. */
export const run: RunCommandLine = async (input, context) => {
  const count = countOf(input);
  noteOverrides(context);
  const { log } = defaultPaths(context.invocation.home);
  try {
    await show(context, log, count, input.flag('follow'));
    return EXIT.done;
  } catch (error) {
    if (error instanceof OutputError) throw error;
    throw new LogError(`cannot read ${log}: ${(error as Error).message}`, { cause: error });
  }
};

async function show(context: Context, log: string, count: number, follows: boolean): Promise<void> {
  const { invocation, isJson } = context;
  const reader = await invocation.openLog(logFilesOf(log));
  const lines = await reader.last(count, follows);
  if (lines === null) context.note(`there is no log yet; hephd will write it to ${log}`);
  if (!follows && isJson) return printJson(context, { log, lines: lines ?? [] });
  printLines(context, lines ?? []);
  if (!follows) return;
  // Ctrl-C ends this as it ends any program: by its signal.
  while (!invocation.isReaderGone()) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    printLines(context, await reader.more());
  }
}

function printLines(context: Context, lines: readonly string[]): void {
  const shown = lines.map((line) => (context.isJson ? JSON.stringify({ line }) : visible(line)));
  if (shown.length > 0) context.print(`${shown.join('\n')}\n`);
}

function countOf(input: Input): number {
  const text = input.text('lines') ?? LINES;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(
    `cannot show "${visible(text)}" lines: it must be a whole number`,
    'see: heph help daemon logs',
  );
}
