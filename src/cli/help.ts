import type { CommandSpec } from '#cli/command.ts';
import { UsageError } from '#cli/fail.ts';
import { commandsBelow } from '#cli/program.ts';
import { optionsOf } from '#cli/specs/words.ts';
import { COMMAND_GROUPS } from '#cli/table.ts';

/**
 * Help on everything, on a group such as `project`, or on one command.
 * @throws {UsageError} there is no such topic.
 */
export function helpText(topic: readonly string[]): string {
  const commands = commandsBelow(topic);
  const [only] = commands;
  if (!only)
    throw new UsageError(
      `cannot help with "${topic.join(' ')}": there is no such command`,
      'see: heph --help',
    );
  if (commands.length === 1 && only.path.length === topic.length) return commandHelp(only);
  return overview(commands, topic);
}

/** How a command is called: `heph edit ID [options]`. */
export function synopsis(command: CommandSpec): string {
  const args = (command.args ?? []).map(({ name, isMany, isOptional }) => {
    const word = isMany === true ? `${name}...` : name;
    return isOptional === true ? `[${word}]` : word;
  });
  return ['heph', ...command.path, ...args, '[options]'].join(' ');
}

function overview(commands: readonly CommandSpec[], topic: readonly string[]): string {
  const isAll = topic.length === 0;
  const width = Math.max(...commands.map(({ path }) => path.join(' ').length));
  const rows = (some: readonly CommandSpec[]) =>
    columns(
      some.map((command): [string, string] => [command.path.join(' '), command.summary]),
      width,
    );
  const groups = COMMAND_GROUPS.flatMap(({ title, commands: some }) => [
    '',
    `${title}:`,
    ...rows(some),
  ]);
  return [
    ...(isAll ? ['heph: tasks and the knowledge around them, kept by a small daemon', ''] : []),
    `Usage: heph ${[...topic, 'COMMAND'].join(' ')} [options]`,
    ...(isAll ? groups : ['', 'Commands:', ...rows(commands)]),
    '',
    "'heph help COMMAND' says more about one. Every command takes --json.",
    ...(isAll ? ["When nobody answers: 'heph daemon status'."] : []),
    '',
  ].join('\n');
}

function commandHelp(command: CommandSpec): string {
  const args = (command.args ?? []).map(({ name, summary }): [string, string] => [name, summary]);
  const options = optionsOf(command).map(({ name, short, value, summary }): [string, string] => {
    const long = value === undefined ? `--${name}` : `--${name} ${value}`;
    return [short === undefined ? `    ${long}` : `-${short}, ${long}`, summary];
  });
  return [
    `${command.summary}.`,
    ...(command.details === undefined ? [] : ['', command.details]),
    '',
    `Usage: ${synopsis(command)}`,
    ...section('Arguments', columns(args)),
    ...section('Options', columns(options)),
    ...section(
      'Examples',
      (command.examples ?? []).map((example) => `  ${example}`),
    ),
    '',
  ].join('\n');
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines];
}

function columns(
  rows: [string, string][],
  width = Math.max(0, ...rows.map(([left]) => left.length)),
): string[] {
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
