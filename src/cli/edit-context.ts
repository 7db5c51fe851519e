import type { Context } from '#cli/command.ts';
import { UsageError } from '#cli/fail.ts';
import { printChange } from '#cli/print/output.ts';

/**
 * Open a node's context in the user's editor and save what comes back, unless
 * it was changed elsewhere meanwhile: then neither text is lost.
 * @throws {UsageError} there is no terminal to edit on.
 */
export async function editContext(context: Context, id: string): Promise<void> {
  const { invocation } = context;
  if (!invocation.isInteractive) {
    const hint = 'name what to change; see: heph help edit, heph help context';
    throw new UsageError('cannot open an editor: this is no terminal', hint);
  }
  const client = await context.client();
  const before = await client.read('context.read', { id });
  const command = invocation.env['VISUAL'] || invocation.env['EDITOR'] || 'vi';
  const edited = await invocation.edit(command, before.body).catch((error: Error) => {
    const hint = 'set EDITOR to one that works; nothing was changed';
    throw new UsageError(`cannot use the editor "${command}": ${error.message}`, hint);
  });
  if (edited.text === before.body) {
    edited.discard();
    context.note('Nothing was changed.');
    return;
  }
  try {
    const params = { id: before.node_id, body: edited.text, if_version: before.version };
    printChange(context, 'changed', await client.change('context.write', params));
    edited.discard();
  } catch (error) {
    context.note(`your text is kept in ${edited.path}`);
    throw error;
  }
}
