import {
  firstWordsOf,
  verbsOf,
  type CompletedOption,
  type Completion,
  type Offer,
} from '#cli/completion/offers.ts';

/**
 * A script for bash 3.2 and later, without the package bash-completion. What an
 * offer is, is one word of it: `files`, `words:red|orange`, `asked:task`, or
 * `nothing`.
 */
export function bashScript(completions: readonly Completion[]): string {
  const groups = verbsOf(completions);
  const first = [...firstWordsOf(completions).map(({ word }) => word), '--help', '--version'];
  return [
    '# Completion of heph for bash, made by: heph completion bash',
    '',
    '# What may follow a command: sets args, isMany and options.',
    '_heph_table() {',
    "  args='' isMany='' options=''",
    '  case $1 in',
    `    '') args='words:${first.join('|')}' ;;`,
    ...groups.map(
      ({ word, verbs }) =>
        `    ${word}) args='words:${verbs.map((verb) => verb.word).join('|')}' ;;`,
    ),
    ...completions.map(entry),
    '  esac',
    '}',
    '',
    `# The first words that have a second.`,
    `_heph_is_group() { case $1 in ${groups.map(({ word }) => word).join(' | ')}) return 0 ;; esac; return 1; }`,
    '',
    ENGINE.trimStart(),
  ].join('\n');
}

function entry({ path, args, options }: Completion): string {
  const words = args.map(({ offer }) => code(offer)).join(' ');
  const isMany = args.at(-1)?.isMany === true ? " isMany='yes'" : '';
  return `    '${path.join(' ')}') args='${words}'${isMany} options='${options.flatMap(optionWords).join(' ')}' ;;`;
}

function optionWords({ name, short, takes }: CompletedOption): string[] {
  const value = takes === null ? '' : `=${code(takes.offer)}`;
  return [`--${name}${value}`, ...(short === null ? [] : [`-${short}${value}`])];
}

function code(offer: Offer): string {
  switch (offer.of) {
    case 'nothing':
    case 'files':
      return offer.of;
    case 'words':
      return `words:${offer.words.join('|')}`;
    case 'asked':
      return `asked:${offer.what}`;
  }
}

const ENGINE = `
# A word as it is without its quotes, into REPLY.
_heph_plain() {
  local text=$1 quote='' char
  REPLY=''
  while [[ -n $text ]]; do
    char=\${text:0:1} text=\${text:1}
    if [[ -n $quote && $char == "$quote" ]]; then
      quote=''
    elif [[ -z $quote && ( $char == '"' || $char == "'" ) ]]; then
      quote=$char
    elif [[ $char == '\\' && $quote != "'" ]]; then
      REPLY+=\${text:0:1} text=\${text:1}
    else
      REPLY+=$char
    fi
  done
}

# A word as it must stand on the line where $2 was typed of it, into REPLY.
_heph_quoted() {
  local text=$1 char
  case $2 in
    \\'*) REPLY=\${text//\\'/\\'\\\\\\'\\'} ;;
    \\"*)
      REPLY=''
      while [[ -n $text ]]; do
        char=\${text:0:1} text=\${text:1}
        case $char in '"' | '\\' | '$' | '\`') REPLY+='\\' ;; esac
        REPLY+=$char
      done
      ;;
    *) printf -v REPLY %q "$text" ;;
  esac
}

# What an option takes, into offer; nothing for a flag.
_heph_takes() {
  local each
  offer=''
  for each in $options; do
    if [[ $each == "$1="* ]]; then offer=\${each#*=}; fi
  done
}

# Rows of "word<tab>hint" into COMPREPLY: what begins with $2, less the beginning
# $3 that bash keeps, quoted as $4 was.
_heph_reply() {
  local rows=$1 begin=$2 kept=$3 typed=$4 word hint show words=() hints=() i
  while IFS=$'\\t' read -r word hint; do
    if [[ -n $word && $word == "$begin"* ]]; then words+=("$word") hints+=("$hint"); fi
  done <<<"$rows"
  # The daemon knows no letter case: Home is meant by "ho".
  if [[ \${#words[@]} -eq 0 && $5 == asked && -n $begin && -n $rows ]]; then
    _heph_reply "$rows" "\${rows:0:\${#begin}}" "$kept" "$typed" again
    return
  fi
  for ((i = 0; i < \${#words[@]}; i++)); do
    _heph_quoted "\${words[i]:\${#kept}}" "$typed"
    show=''
    # Only where it is shown, and not put on the line.
    case \${COMP_TYPE:-9} in
      9 | 33 | 63 | 64) if [[ \${#words[@]} -gt 1 && -n \${hints[i]} ]]; then show="  (\${hints[i]})"; fi ;;
    esac
    COMPREPLY+=("$REPLY$show")
  done
}

_heph() {
  COMPREPLY=()
  local IFS=$' \\t\\n' args='' isMany='' options='' offer='' rows='' REPLY
  local line=\${COMP_LINE:0:COMP_POINT} rest word raw='' words=() i

  # The words up to the cursor; bash takes them apart at : and =, here they are whole.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    rest=\${line#"\${line%%[![:space:]]*}"}
    word=\${COMP_WORDS[i]}
    if ((i == COMP_CWORD)); then word=$rest; fi
    if [[ $i -gt 0 && -n $word && $rest == "$line" ]]; then
      words[\${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    line=\${rest#"$word"} raw=$word
  done
  local last=$((\${#words[@]} - 1))
  local current=\${words[last]} kept='' begin
  if [[ $raw == [:=] ]]; then raw=''; fi

  # Which command it is, and which of its words comes now.
  local path='' at=1 place=0 isEnded=''
  if ((last >= 2)); then path=\${words[1]} at=2; fi
  if ((last >= 3)) && _heph_is_group "$path"; then path="$path \${words[2]}" at=3; fi
  _heph_table "$path"
  for ((i = at; i < last; i++)); do
    word=\${words[i]}
    if [[ -n $offer ]]; then
      offer=''
    elif [[ -n $isEnded || $word != -?* ]]; then
      place=$((place + 1))
    elif [[ $word == -- ]]; then
      isEnded=yes
    else
      _heph_takes "$word"
    fi
  done

  if [[ -n $offer ]]; then
    :
  elif [[ -z $isEnded && $current == --*=* ]]; then
    _heph_takes "\${current%%=*}"
    current=\${current#*=}
  elif [[ -z $isEnded && $current == -* && -n $path ]]; then
    for word in $options; do rows+=\${word%%=*}$'\\n'; done
    offer=options
  else
    local places=($args)
    if [[ -n $isMany && $place -ge \${#places[@]} ]]; then place=$((\${#places[@]} - 1)); fi
    offer=\${places[place]:-nothing}
  fi
  if [[ $offer == files ]]; then return; fi
  if type compopt &>/dev/null; then compopt +o default; fi

  _heph_plain "\${current%"$raw"}"
  kept=$REPLY
  _heph_plain "$current"
  begin=$REPLY
  case $offer in
    words:*) rows=\${offer#words:} rows=\${rows//|/$'\\n'} ;;
    asked:*)
      rows=$(command heph complete-words "\${offer#asked:}" "$begin" 2>/dev/null </dev/null)
      if type compopt &>/dev/null; then compopt -o nosort 2>/dev/null; fi
      ;;
  esac
  if [[ -n $rows ]]; then _heph_reply "$rows" "$begin" "$kept" "$raw" "\${offer%%:*}"; fi
}

complete -o default -F _heph heph
`;
