import {
  firstWordsOf,
  verbsOf,
  type CompletedOption,
  type Completion,
  type Offer,
} from '#cli/completion/offers.ts';

/** A script for zsh's own completion: a function of `fpath`, or read after `compinit`. */
export function zshScript(completions: readonly Completion[]): string {
  const groups = verbsOf(completions);
  return [
    '#compdef heph',
    '# Completion of heph for zsh, made by: heph completion zsh',
    '',
    '_heph_asked() {',
    '  local -a rows',
    '  local line',
    '  for line in "${(@f)$(command heph complete-words $1 "${(Q)PREFIX}" 2>/dev/null </dev/null)}"; do',
    "    [[ -n $line ]] && rows+=(\"${${${line%%$'\\t'*}//\\\\/\\\\\\\\}//:/\\\\:}${${line#*$'\\t'}:+:${line#*$'\\t'}}\")",
    '  done',
    `  (( $#rows )) && _describe -V $1 rows -M 'm:{[:lower:]}={[:upper:]}'`,
    '}',
    '',
    '_heph_words() {',
    '  local -a rows=(',
    ...described(firstWordsOf(completions), 4),
    '  )',
    '  _describe command rows',
    '}',
    '',
    '_heph_verbs() {',
    '  local -a rows',
    '  case $1 in',
    ...groups.flatMap(({ word, verbs }) => [
      `    ${word}) rows=(`,
      ...described(verbs, 6),
      '    ) ;;',
    ]),
    '  esac',
    '  _describe command rows',
    '}',
    '',
    '_heph() {',
    '  local curcontext=$curcontext',
    '  if (( CURRENT == 2 )); then',
    "    _arguments '(- :)'{-h,--help}'[print the help]' '(- :)'{-V,--version}'[print the version]' '1:command:_heph_words'",
    '    return',
    '  fi',
    '  local of=$words[2]',
    '  case $of in',
    `    ${groups.map(({ word }) => word).join(' | ')})`,
    '      if (( CURRENT == 3 )); then',
    '        _heph_verbs $of',
    '        return',
    '      fi',
    '      of="$of $words[3]"',
    '      shift words',
    '      (( CURRENT-- )) ;;',
    '  esac',
    '  shift words',
    '  (( CURRENT-- ))',
    '  case $of in',
    ...completions.flatMap(entry),
    '  esac',
    '}',
    '',
    '# Read by a shell, it registers itself; from fpath, its first call is this file.',
    'if [[ $zsh_eval_context[-1] == loadautofunc ]]; then',
    '  _heph "$@"',
    'else',
    '  compdef _heph heph',
    'fi',
    '',
  ].join('\n');
}

function described(rows: readonly { word: string; summary: string }[], indent: number): string[] {
  return rows.map(({ word, summary }) => `${' '.repeat(indent)}${quote(`${word}:${summary}`)}`);
}

function entry({ path, args, options }: Completion): string[] {
  const specs = [
    ...options.flatMap(optionSpecs),
    ...args.map(({ name, isMany, offer }, i) =>
      quote(`${isMany ? '*' : i + 1}:${name.replaceAll(':', '\\:')}:${action(offer)}`),
    ),
  ];
  return [
    `    ${quote(path.join(' '))}) _arguments -s -S \\`,
    `      ${specs.join(' \\\n      ')} ;;`,
  ];
}

/** One name or two that exclude each other; one that may be given again excludes nothing. */
function optionSpecs({ name, short, summary, isMany, takes }: CompletedOption): string[] {
  const names = short === null ? [`--${name}`] : [`-${short}`, `--${name}`];
  const value =
    takes === null ? '' : `:${takes.name.replaceAll(':', '\\:')}:${action(takes.offer)}`;
  return names.map((each) => {
    const excluded = isMany ? '*' : names.length > 1 ? `(${names.join(' ')})` : '';
    const joined = takes === null ? '' : each.startsWith('--') ? '=' : '+';
    return quote(`${excluded}${each}${joined}[${escape(summary)}]${value}`);
  });
}

function action(offer: Offer): string {
  switch (offer.of) {
    case 'nothing':
      return ' ';
    case 'files':
      return '_files';
    case 'words':
      return `(${offer.words.join(' ')})`;
    case 'asked':
      // The space keeps _arguments from putting words of its own before this one.
      return ` _heph_asked ${offer.what}`;
  }
}

/** What ends a description does not end it. */
function escape(text: string): string {
  return text.replaceAll(/[[\]\\]/g, '\\$&');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
