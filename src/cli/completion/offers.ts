import type { Asked, CommandSpec, Completes, OptionSpec } from '#cli/command.ts';
import { optionsOf } from '#cli/specs/words.ts';
import { SETTING_KEYS } from '#config/settings.ts';

/** What is offered in one place: nothing, files, these words, or what the daemon has of a kind. */
export type Offer =
  | { of: 'nothing' }
  | { of: 'files' }
  | { of: 'words'; words: readonly string[] }
  | { of: 'asked'; what: Asked };

/** A command as a shell has to know it. */
export interface Completion {
  path: readonly string[];
  summary: string;
  args: readonly { name: string; isMany: boolean; offer: Offer }[];
  options: readonly CompletedOption[];
}

export interface CompletedOption {
  name: string;
  short: string | null;
  summary: string;
  isMany: boolean;
  /** A flag takes nothing. */
  takes: { name: string; offer: Offer } | null;
}

/** All that the scripts of the shells are made from. */
export function completionsOf(commands: readonly CommandSpec[]): Completion[] {
  const firstWords = [...new Set(commands.map(({ path }) => path[0] ?? ''))];
  const help = {
    path: ['help'],
    summary: 'Say more about a command',
    args: [{ name: 'COMMAND', isMany: true, offer: wordsOf(firstWords) }],
    options: [],
  };
  return [...commands.map(completionOf), help];
}

/** The first words of all commands, each once, with what it is about. */
export function firstWordsOf(
  completions: readonly Completion[],
): { word: string; summary: string }[] {
  const groups = Map.groupBy(completions, ({ path }) => path[0] ?? '');
  return [...groups].map(([word, [first, ...more]]) => ({
    word,
    summary:
      more.length === 0
        ? (first?.summary ?? '')
        : [first, ...more].map((each) => each?.path[1]).join(', '),
  }));
}

/** The second words after the first, where there are any. */
export function verbsOf(
  completions: readonly Completion[],
): { word: string; verbs: { word: string; summary: string }[] }[] {
  const pairs = completions.filter(({ path }) => path.length > 1);
  return [...Map.groupBy(pairs, ({ path }) => path[0] ?? '')].map(([word, each]) => ({
    word,
    verbs: each.map(({ path, summary }) => ({ word: path[1] ?? '', summary })),
  }));
}

function completionOf(command: CommandSpec): Completion {
  const { path, summary, args = [] } = command;
  return {
    path,
    summary,
    args: args.map(({ name, isMany = false, completes }) => ({
      name,
      isMany,
      offer: offerOf(completes),
    })),
    options: optionsOf(command).map(completedOption),
  };
}

function completedOption({ name, short, value, isMany, summary, completes }: OptionSpec) {
  return {
    name,
    short: short ?? null,
    summary,
    isMany: isMany ?? false,
    takes: value === undefined ? null : { name: value, offer: offerOf(completes) },
  };
}

function offerOf(completes: Completes | undefined): Offer {
  if (completes === undefined) return { of: 'nothing' };
  if (completes === 'file') return { of: 'files' };
  if (completes === 'setting') return wordsOf(SETTING_KEYS);
  return typeof completes === 'string' ? { of: 'asked', what: completes } : wordsOf(completes);
}

function wordsOf(words: readonly string[]): Offer {
  return { of: 'words', words };
}
