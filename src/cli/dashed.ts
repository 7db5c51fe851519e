import type { CommandSpec, OptionValues } from '#cli/command.ts';
import { optionsOf } from '#cli/specs/words.ts';

/** No word of a command line can have it: to the parser, a word behind it is none of its options. */
const MARK = '\0';

/** As in dates elsewhere; no option is a number. */
const DATE = /^-\d+[dwmy]$/i;

/** The words of a command, those marked that begin with a dash and are no option. */
export function marked(command: CommandSpec, words: readonly string[]): string[] {
  const takesDashed = command.args?.some(({ mayBeDashed }) => mayBeDashed === true) === true;
  return words.map((word) => {
    const isMeant = DATE.test(word) || (takesDashed && /^-[^-]/.test(word));
    return isMeant && !isShort(command, word) ? MARK + word : word;
  });
}

/** What the parser made of them, as it was typed. */
export function unmarked(values: OptionValues): OptionValues {
  const bare = <T>(value: T) => (typeof value === 'string' ? bareWord(value) : value);
  const entries = Object.entries(values);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.map(bare) : bare(value)]),
  );
}

export function bareWord(word: string): string {
  return word.startsWith(MARK) ? word.slice(MARK.length) : word;
}

/** `-n`, and `-n5`; not `-nail`. */
function isShort(command: CommandSpec, word: string): boolean {
  return optionsOf(command).some(
    ({ short, value }) =>
      short !== undefined &&
      word.startsWith(`-${short}`) &&
      (value === undefined ? word.length === 2 : /^\d*$/.test(word.slice(2))),
  );
}
