import type { Context, Invocation } from '#cli/command.ts';
import { EXIT, OutputError, type Failure } from '#cli/fail.ts';
import { parseCommandLine } from '#cli/program.ts';
import { COMMANDS } from '#cli/table.ts';
import type { Client } from '#client/client.ts';
import { overridesFromEnv, resolvePaths } from '#config/paths.ts';
import { versionLine } from '#protocol/version.ts';

/** Understand, run, print. Resolves to the exit code. */
export async function runCli(invocation: Invocation): Promise<number> {
  const isJson = asksForJson(invocation.argv);
  const open: Client[] = [];
  try {
    const parsed = await parseCommandLine(invocation.argv);
    if (parsed.do === 'version') {
      invocation.stdout(`${versionLine('heph')}\n`);
      return EXIT.done;
    }
    if (parsed.do === 'help') {
      const { helpText } = await import('#cli/help.ts');
      invocation.stdout(helpText(parsed.topic));
      return EXIT.done;
    }
    const { run } = await parsed.command.load();
    return (await run(parsed.input, contextOf(invocation, isJson, open))) ?? EXIT.done;
  } catch (error) {
    const { explain } = await import('#cli/explain.ts');
    if (error instanceof OutputError) error.isAfterChange = open.some((each) => each.hasChanged);
    const { howToStart } = await import('#cli/how-to-start.ts');
    const failure = explain(error, howToStart(invocation));
    return fail(invocation, isJson && !(error instanceof OutputError), failure);
  } finally {
    for (const client of open) client.close();
  }
}

function contextOf(invocation: Invocation, isJson: boolean, open: Client[]): Context {
  const { home, cwd, env } = invocation;
  const paths = resolvePaths(home, cwd, overridesFromEnv(env));
  const note = (text: string) => invocation.stderr(`${text}\n`);
  return {
    invocation,
    paths,
    isJson,
    commands: COMMANDS,
    client: async () => {
      const { openClient } = await import('#client/open.ts');
      const executable = invocation.program.executable;
      const onOtherVersion = (running: string, installed: string) =>
        note(`running ${running}, installed ${installed}: heph daemon restart`);
      const client = openClient(
        paths,
        { executable, onOtherVersion },
        onceOnly(() => note(BUSY)),
      );
      open.push(client);
      return client;
    },
    print: (text) => invocation.stdout(text),
    note,
  };
}

/** Such as an import that somebody else began: other changes wait for it. */
const BUSY = 'waiting: hephd is at work on something large';

function onceOnly(what: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) what();
    isDone = true;
  };
}

/** Asked before the command line is understood: an error in it is JSON, too. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}

/** In words where the document cannot be written: somebody may read these. */
function fail(invocation: Invocation, isJson: boolean, failure: Failure): number {
  const { code, message, hint, exit } = failure;
  if (!isJson || !isWritten(invocation, { error: { code, message, hint } }))
    invocation.stderr(`${message}${hint === null ? '' : `\n${hint}`}\n`);
  return exit;
}

function isWritten(invocation: Invocation, document: unknown): boolean {
  try {
    invocation.stdout(`${JSON.stringify(document)}\n`);
    return true;
  } catch (error) {
    if (error instanceof OutputError) return false;
    throw error;
  }
}
