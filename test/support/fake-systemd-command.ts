import { expandVariables, splitWords } from './fake-systemd-words.ts';

export interface Command {
  path: string;
  /** As `show` prints it: variables are still names. */
  argv: readonly string[];
  ignoresErrors: boolean;
  expandsVariables: boolean;
}

/**
 * The command lines in one `ExecStart=`.
 * @param resolve expands specifiers, or gives null.
 * @returns null where the manager would refuse the unit for it.
 */
export function parseCommands(
  value: string,
  resolve: (text: string) => string | null,
): Command[] | null {
  const words = splitWords(value);
  if (words === null) return null;
  const commands = splitAtSemicolons(words).map((part) => parseCommand(part, resolve));
  const known = commands.filter((command) => command !== null);
  return known.length === commands.length ? known : null;
}

/** The arguments that a command's process gets, its own name not among them. */
export function argumentsOf(command: Command, env: Readonly<Record<string, string>>): string[] {
  const { argv, expandsVariables } = command;
  return (expandsVariables ? expandVariables(argv, env) : argv).slice(1);
}

function parseCommand(
  words: readonly string[],
  resolve: (text: string) => string | null,
): Command | null {
  const [, prefix = '', program = ''] = /^([-@:+!|]*)(.*)$/s.exec(words[0] ?? '') ?? [];
  const resolved = [program, ...words.slice(1)].map((word) => resolve(word));
  const known = resolved.filter((word) => word !== null);
  const [path = ''] = known;
  if (known.length < resolved.length || path === '') return null;
  if (!path.startsWith('/') && path.includes('/')) return null;
  return {
    path: path.replaceAll(/\/{2,}/g, '/'),
    argv: prefix.includes('@') ? known.slice(1) : known,
    ignoresErrors: prefix.includes('-'),
    expandsVariables: !prefix.includes(':'),
  };
}

function splitAtSemicolons(words: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (word === ';') parts.push([]);
    else parts.at(-1)?.push(word === '\\;' ? ';' : word);
  }
  return parts;
}
