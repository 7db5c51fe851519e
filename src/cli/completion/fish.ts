import {
  firstWordsOf,
  verbsOf,
  type CompletedOption,
  type Completion,
  type Offer,
} from '#cli/completion/offers.ts';

/** A script for fish 3 and later. */
export function fishScript(completions: readonly Completion[]): string {
  const groups = verbsOf(completions);
  return [
    '# Completion of heph for fish, made by: heph completion fish',
    '',
    ...functions(completions),
    '',
    'complete -c heph -f',
    `complete -c heph -n '__heph_is ""' -s h -l help -d 'print the help'`,
    `complete -c heph -n '__heph_is ""' -s V -l version -d 'print the version'`,
    ...firstWordsOf(completions).map(({ word, summary }) => one('""', word, summary)),
    ...groups.flatMap(({ word, verbs }) =>
      verbs.map((verb) => one(`"${word}"`, verb.word, verb.summary)),
    ),
    ...completions.flatMap(entry),
    '',
  ].join('\n');
}

function one(at: string, word: string, summary: string): string {
  return `complete -c heph -n '__heph_is ${at}' -a ${word} -d ${quote(summary)}`;
}

/**
 * The names of options that take a value are the same in every command, so
 * that one list tells which words are values.
 */
function functions(completions: readonly Completion[]): string[] {
  const valued = completions
    .flatMap(({ options }) => options)
    .filter(({ takes }) => takes !== null)
    .flatMap(({ name, short }) => [`--${name}`, ...(short === null ? [] : [`-${short}`])]);
  const groups = verbsOf(completions).map(({ word }) => word);
  return [
    '# The words before the cursor: the command on one line, then how many words came after it.',
    'function __heph_before',
    '    set -l words (commandline -opc)[2..-1]',
    '    set -l path $words[1]',
    '    set -e words[1]',
    `    if contains -- "$path" ${groups.join(' ')}; and set -q words[1]`,
    '        set path "$path $words[1]"',
    '        set -e words[1]',
    '    end',
    '    echo "$path"',
    '    set -l count 0',
    '    set -l is_value 0',
    '    set -l is_ended 0',
    '    for word in $words',
    '        if test $is_value = 1',
    '            set is_value 0',
    '        else if test $is_ended = 0; and test "$word" = --',
    '            set is_ended 1',
    '        else if test $is_ended = 0; and string match -qr -- "^-." "$word"',
    `            contains -- "$word" ${[...new Set(valued)].join(' ')}; and set is_value 1`,
    '        else',
    '            set count (math $count + 1)',
    '        end',
    '    end',
    '    echo $count',
    'end',
    '',
    'function __heph_is -a path',
    '    set -l before (__heph_before)',
    '    test "$before[1]" = "$path"',
    'end',
    '',
    'function __heph_at -a path from to',
    '    set -l before (__heph_before)',
    '    test "$before[1]" = "$path"; and test $before[2] -ge $from; and test $before[2] -le $to',
    'end',
    '',
    'function __heph_asked -a what',
    "    set -l word (commandline -ct | string replace -r -- '^--[a-z-]+=' '')",
    `    set word (string replace -ra -- '^["\\']|\\\\\\\\(.)' '$1' "$word")`,
    '    command heph complete-words $what "$word" 2>/dev/null </dev/null',
    'end',
  ];
}

function entry({ path, args, options }: Completion): string[] {
  const name = path.join(' ');
  return [
    ...options.map((option) => optionLine(name, option)),
    ...args.flatMap(({ offer, isMany }, i) => {
      const words = offered(offer);
      if (words === '') return [];
      const range = `${i} ${isMany ? 999 : i}`;
      return [`complete -c heph -n '__heph_at "${name}" ${range}' ${words}`];
    }),
  ];
}

function optionLine(path: string, { name, short, summary, takes }: CompletedOption): string {
  return [
    `complete -c heph -n '__heph_is "${path}"'`,
    ...(short === null ? [] : [`-s ${short}`]),
    `-l ${name}`,
    ...(takes === null ? [] : ['-r', offered(takes.offer)]),
    `-d ${quote(summary)}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function offered(offer: Offer): string {
  switch (offer.of) {
    case 'nothing':
      return '';
    case 'files':
      return '-F';
    case 'words':
      return `-a ${quote(offer.words.join(' '))}`;
    case 'asked':
      return `-k -a '(__heph_asked ${offer.what})'`;
  }
}

function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}
