import type { Context, Input } from '#cli/command.ts';
import { UsageError } from '#cli/fail.ts';
import { SOUGHT_MAX } from '#core/node.ts';
import { ATTENTIONS, RECUR_FROM } from '#core/task.ts';
import type { Params } from '#protocol/methods.ts';

type Fields = Omit<Params<'task.edit'>, 'id' | 'title' | 'short_ids'>;

/** The options that `task` and `edit` share. Dates stay words: the daemon reads them. */
export function fieldsOf(input: Input, context: Context): Fields {
  return {
    project: input.text('project'),
    do_date: input.text('do-date'),
    late_on: input.text('late-on'),
    recur: input.text('recur'),
    recur_from: choice('recur-from', RECUR_FROM, input.text('recur-from')),
    attention: choice('attention', ATTENTIONS, input.text('attention')),
    tags: input.texts('tag'),
    context: textOrStdin(input.text('context'), context),
    key: input.text('key'),
  };
}

/** As {@link fieldsOf}, where the word `none` clears. */
export function editedFieldsOf(input: Input, context: Context): Fields {
  const fields = fieldsOf(input, context);
  const cleared = <T>(value: T) => (value === 'none' ? null : value);
  const tags = fields.tags;
  return {
    ...fields,
    project: cleared(fields.project),
    key: cleared(fields.key),
    context: input.text('context') === 'none' ? null : fields.context,
    tags: tags?.length === 1 && tags[0] === 'none' ? [] : tags,
    attention: fields.attention,
  };
}

/** One of a few words, or nothing. @throws {UsageError} */
export function choice<T extends string>(
  name: string,
  allowed: readonly T[],
  text: string | undefined,
): T | undefined {
  if (text === undefined) return undefined;
  const found = allowed.find((word) => word === text);
  if (found !== undefined) return found;
  throw new UsageError(`cannot use "${text}" as --${name}: it is one of ${allowed.join(', ')}`);
}

/** What is to be looked for. @throws {UsageError} it is too long. */
export function sought(text: string): string {
  if (text.length <= SOUGHT_MAX) return text;
  throw new UsageError(
    `cannot look for ${text.length} characters: ${SOUGHT_MAX} is the most`,
    'look for fewer words',
  );
}

/** `-` is all of standard input; anything else is itself. */
export function textOrStdin(text: string | undefined, context: Context): string | undefined {
  return text === '-' ? context.invocation.readStdin() : text;
}

/**
 * How a body shall be changed: by what was given, in the editor, or not at all.
 * @throws {UsageError} in two ways at once.
 */
export function bodyChangeOf(
  input: Input,
  context: Context,
): { append: string } | { body: string } | 'edit' | null {
  const append = input.text('append');
  const body = input.text('body');
  const ways = [append !== undefined, body !== undefined, input.flag('edit')];
  if (ways.filter(Boolean).length > 1) {
    throw new UsageError(
      'cannot change a text in two ways at once',
      'give one of --append, --body and --edit',
    );
  }
  if (input.flag('edit')) return 'edit';
  if (append !== undefined) return { append: textOrStdin(append, context) ?? '' };
  return body === undefined ? null : { body: textOrStdin(body, context) ?? '' };
}

/** A path as the daemon takes it, which is at work in another folder. */
export function absolute(path: string, { invocation }: Context): string {
  return path.startsWith('/') ? path : `${invocation.cwd}/${path}`;
}
