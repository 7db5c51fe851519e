import { expect, test } from 'vitest';
import { completionsOf, firstWordsOf, verbsOf } from '#cli/completion/offers.ts';
import { COMMANDS } from '#cli/table.ts';

const COMPLETIONS = completionsOf(COMMANDS);

test('every command of the table is offered, and none that is hidden', () => {
  const names = COMPLETIONS.map(({ path }) => path.join(' '));
  expect(names).toEqual([...COMMANDS.map(({ path }) => path.join(' ')), 'help']);
  expect(firstWordsOf(COMPLETIONS).map(({ word }) => word)).not.toContain('complete-words');
});

test('a group of commands is offered once, and its second words after it', () => {
  expect(firstWordsOf(COMPLETIONS).filter(({ word }) => word === 'project')).toEqual([
    { word: 'project', summary: 'list, add, rename, archive' },
  ]);
  const verbs = verbsOf(COMPLETIONS).find(({ word }) => word === 'tag')?.verbs;
  expect(verbs?.map(({ word }) => word)).toEqual(['list', 'add', 'remove']);
});

test('words that are offered need no quotes in any shell', () => {
  const offers = COMPLETIONS.flatMap(({ args, options }) => [
    ...args.map(({ offer }) => offer),
    ...options.flatMap(({ takes }) => (takes === null ? [] : [takes.offer])),
  ]);
  const words = offers.flatMap((offer) => (offer.of === 'words' ? offer.words : []));
  expect(words.filter((word) => !/^[\w,.+-]+$/.test(word))).toEqual([]);
});

/** The script for fish has one list of them for all commands. */
test('an option that takes a value takes one in every command', () => {
  const options = COMPLETIONS.flatMap((each) => each.options);
  const names = (takes: boolean) =>
    options
      .filter((option) => (option.takes !== null) === takes)
      .flatMap(({ name, short }) => [name, short])
      .filter((name) => name !== null);
  const flags = new Set(names(false));
  expect(names(true).filter((name) => flags.has(name))).toEqual([]);
});

test('only the last word of a command may be many', () => {
  const wrong = COMPLETIONS.filter(({ args }) => args.slice(0, -1).some(({ isMany }) => isMany));
  expect(wrong).toEqual([]);
});
