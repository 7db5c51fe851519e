import type { Context } from '#cli/command.ts';
import { EditorError, UsageError } from '#cli/fail.ts';
import { printChange } from '#cli/print/output.ts';

/** A body as it was read, and which version of it that is. */
interface Body {
  body: string;
  version: string;
}

/** Open a node's context in the user's editor. @throws {UsageError} nobody is there to edit. */
export async function editContext(context: Context, id: string): Promise<void> {
  refuseToEdit(context);
  const client = await context.client();
  const before = await client.read('context.read', { id });
  await editBody(context, before, ({ body, version }) =>
    client.change('context.write', { id: before.node_id, body, if_version: version }),
  );
}

/**
 * Open a text in the user's editor and save what comes back, unless it was
 * changed elsewhere meanwhile: then neither text is lost.
 * @param save refuses when the version is not the one that was read.
 * @throws {UsageError} nobody is there to edit, or there is no such editor.
 */
export async function editBody(
  context: Context,
  before: Body,
  save: (after: Body) => Promise<{ node_id: string; title: string }>,
): Promise<void> {
  refuseToEdit(context);
  const { env, edit } = context.invocation;
  const command = env['VISUAL'] || env['EDITOR'] || 'vi';
  const edited = await edit(command, before.body).catch((error: Error) => {
    const hint = isKept(context, error)
      ? 'nothing was changed in heph; the text is only in that file'
      : 'set EDITOR to one that works; nothing was changed';
    throw new UsageError(`cannot use the editor "${command}": ${error.message}`, hint);
  });
  if (edited.text === before.body) {
    edited.discard();
    context.note('Nothing was changed.');
    return;
  }
  try {
    printChange(context, 'changed', await save({ body: edited.text, version: before.version }));
    edited.discard();
  } catch (error) {
    noteKept(context, edited.path);
    throw error;
  }
}

/** What an editor had saved before it failed is there, and the user knows where. */
function isKept(context: Context, error: Error): boolean {
  if (!(error instanceof EditorError) || error.keptIn === null) return false;
  noteKept(context, error.keptIn);
  return true;
}

function noteKept(context: Context, path: string): void {
  context.note(`your text is kept in ${path}`);
}

function refuseToEdit({ invocation, isJson }: Context): void {
  if (invocation.isInteractive && !isJson) return;
  const why = invocation.isInteractive ? '--json is for programs' : 'this is no terminal';
  const hint = 'name what to change; see: heph help edit, heph help context';
  throw new UsageError(`cannot open an editor: ${why}`, hint);
}
