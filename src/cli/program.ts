import type { ParseArgsOptionsConfig } from 'node:util';
import { Input, type CommandSpec, type OptionValues } from '#cli/command.ts';
import { bareWord, marked, unmarked } from '#cli/dashed.ts';
import { UsageError } from '#cli/fail.ts';
import { optionsOf } from '#cli/specs/words.ts';
import { COMMANDS, RUNNABLE } from '#cli/table.ts';

/** What was typed, understood. */
export type Parsed =
  | { do: 'run'; command: CommandSpec; input: Input }
  | { do: 'help'; topic: readonly string[] }
  | { do: 'version' };

/**
 * Words to a command and its input. The only file that knows the parser.
 * @throws {UsageError}
 */
export async function parseCommandLine(argv: readonly string[]): Promise<Parsed> {
  const [first, ...rest] = argv;
  if (first === undefined)
    throw new UsageError('cannot guess what to do: no command was given', 'see: heph --help');
  if (first === '--version' || first === '-V') return { do: 'version' };
  if (first === 'help') return { do: 'help', topic: rest };
  if (first === '--help' || first === '-h') return { do: 'help', topic: [] };
  const command = commandOf(argv);
  const words = argv.slice(command.path.length);
  const { values, positionals } = await parseWords(command, words);
  if (values['help'] === true) return { do: 'help', topic: command.path };
  checkCount(command, positionals);
  checkNames(command, positionals, values);
  return { do: 'run', command, input: new Input(command, positionals, values) };
}

/** The commands below a word such as `project`. */
export function commandsBelow(topic: readonly string[]): CommandSpec[] {
  const commands = topic.length === 0 ? COMMANDS : RUNNABLE;
  return commands.filter(({ path }) => topic.every((word, i) => path[i] === word));
}

function commandOf(argv: readonly string[]): CommandSpec {
  const exact = RUNNABLE.find(({ path }) => path.every((word, i) => argv[i] === word));
  if (exact) return exact;
  const [group = '', verb] = argv;
  const below = commandsBelow([group]).map(({ path }) => path[1] ?? '');
  if (below.length === 0) {
    const names = [...new Set(COMMANDS.map(({ path }) => path[0] ?? ''))];
    throw unknown(group, names, 'heph');
  }
  if (verb !== undefined && !verb.startsWith('-')) throw unknown(verb, below, `heph ${group}`);
  throw new UsageError(
    `cannot run heph ${group} alone: it needs one of ${below.join(', ')}`,
    `see: heph help ${group}`,
  );
}

function unknown(word: string, names: string[], below: string): UsageError {
  const near = names.find((name) => isNear(word, name));
  const hint =
    near === undefined
      ? `see: ${below === 'heph' ? 'heph --help' : below.replace('heph', 'heph help')}`
      : `did you mean: ${below} ${near}`;
  return new UsageError(`cannot run ${below} ${word}: there is no such command`, hint);
}

async function parseWords(command: CommandSpec, args: readonly string[]): Promise<Words> {
  // Loading the parser is a third of the compiled client's start: not for nothing.
  if (!args.some((word) => word.startsWith('-') && word !== '-'))
    return { values: {}, positionals: [...args] };
  const { parseArgs } = await import('node:util');
  const options: ParseArgsOptionsConfig = {};
  for (const { name, short, value, isMany } of optionsOf(command)) {
    options[name] = {
      type: value === undefined ? 'boolean' : 'string',
      ...(short === undefined ? {} : { short }),
      ...(isMany === true ? { multiple: true } : {}),
    };
  }
  try {
    const { values, positionals } = parseArgs({
      args: marked(command, args),
      options,
      allowPositionals: true,
      strict: true,
    });
    return { values: unmarked(values), positionals: positionals.map(bareWord) };
  } catch (error) {
    const { message } = error as Error;
    const hint = optionHint(message, Object.keys(options)) ?? helpHint(command);
    throw new UsageError(`cannot understand this: ${plain(message)}`, hint);
  }
}

function optionHint(message: string, names: string[]): string | null {
  const dashed = /'(--[^'=]+=-XYZ)'/.exec(message)?.[1];
  if (dashed !== undefined) return `write one that begins with a dash so: ${dashed}`;
  const typed = /^Unknown option '--([^'=]+)/.exec(message)?.[1];
  const near = names.find((name) => typed !== undefined && isNear(typed, name));
  return near === undefined ? null : `did you mean: --${near}`;
}

interface Words {
  values: OptionValues;
  positionals: string[];
}

/** The parser's message without what it says about its own API. */
function plain(message: string): string {
  return message.split(/\.\s/)[0]?.replace(/^./, (letter) => letter.toLowerCase()) ?? message;
}

function checkCount(command: CommandSpec, words: readonly string[]): void {
  const args = command.args ?? [];
  const missing = args.find((arg, i) => arg.isOptional !== true && words[i] === undefined);
  const name = `heph ${command.path.join(' ')}`;
  if (missing)
    throw new UsageError(`cannot run ${name}: ${missing.name} is missing`, helpHint(command));
  const extra = args.at(-1)?.isMany === true ? undefined : words[args.length];
  if (extra === undefined) return;
  const hint =
    args.length > 0
      ? `put quotes around words that belong together; ${helpHint(command)}`
      : helpHint(command);
  throw new UsageError(
    `cannot run ${name} with "${extra}": it takes ${args.length === 0 ? 'no words' : 'fewer words'}`,
    hint,
  );
}

/** What a script has left empty names nothing: `heph done "$id"`. */
function checkNames(command: CommandSpec, words: readonly string[], values: OptionValues): void {
  const args = command.args ?? [];
  const isId = (i: number) => (args[i] ?? args.at(-1))?.name === 'ID';
  if (words.some((word, i) => word === '' && isId(i)))
    throw new UsageError('cannot find "": an id is needed', helpHint(command));
  if (values['project'] === '')
    throw new UsageError('cannot find "": --project needs a name or an id', helpHint(command));
}

function helpHint(command: CommandSpec): string {
  return `see: heph help ${command.path.join(' ')}`;
}

/** One letter wrong, missing, too many, or two swapped; or a beginning. */
function isNear(typed: string, name: string): boolean {
  if (typed.length >= 2 && name.startsWith(typed)) return true;
  let i = 0;
  while (i < name.length && typed[i] === name[i]) i++;
  const rest = (text: string, from: number) => text.slice(from);
  return (
    rest(typed, i + 1) === rest(name, i + 1) ||
    rest(typed, i) === rest(name, i + 1) ||
    rest(typed, i + 1) === rest(name, i) ||
    (typed[i] === name[i + 1] &&
      typed[i + 1] === name[i] &&
      rest(typed, i + 2) === rest(name, i + 2))
  );
}
