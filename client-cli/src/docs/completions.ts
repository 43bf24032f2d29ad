import type { CommandDoc, CommandLineDocs, OptionDoc } from './command-line.ts'

export const shells = ['bash', 'zsh', 'fish'] as const
export type ShellName = (typeof shells)[number]

/** The script that a shell reads to complete `fastchat`, from the same table as the help. */
export function completionScript(shell: ShellName, docs: CommandLineDocs): string {
  switch (shell) {
    case 'bash':
      return bash(docs)
    case 'zsh':
      return `#compdef fastchat\nautoload -U +X bashcompinit && bashcompinit\n${bash(docs)}`
    case 'fish':
      return fish(docs)
  }
}

function bash({ options, commands }: CommandLineDocs): string {
  const withValue = [options, ...commands.map((command) => command.options)]
    .flat()
    .filter(takesValue)
    .flatMap(namesOf)
  const firstWords = [...new Set(commands.map((command) => wordsOf(command)[0]))]
  const general = options.flatMap(namesOf)
  const cases = [...new Set(firstWords)].map((first) => {
    const within = commands.filter((command) => wordsOf(command)[0] === first)
    const next = within.flatMap((command) => wordsOf(command).slice(1))
    const own = within.flatMap((command) => command.options.flatMap(namesOf))
    return `    " ${first}"${next.length > 0 ? '' : '*'}) words="${[...next, ...own, ...general].join(' ')}" ;;`
  })
  return `_fastchat() {
  local word words="" path="" skip="" cur="\${COMP_WORDS[COMP_CWORD]}"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [ -n "$skip" ]; then skip=""; continue; fi
    case "$word" in
      ${[...new Set(withValue)].join('|')}) skip=1 ;;
      -*) ;;
      *) path="$path $word" ;;
    esac
  done
  if [ -n "$skip" ]; then return; fi
  case "$path" in
    "") words="${[...firstWords, ...general].join(' ')}" ;;
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _fastchat fastchat
`
}

function fish({ options, commands }: CommandLineDocs): string {
  const optionLine = (condition: string) => (option: OptionDoc) => {
    const [long = '', short] = namesOf(option).toReversed()
    const letter = short === undefined ? '' : ` -s ${short.slice(1)}`
    const value = takesValue(option) ? ' -r' : ''
    return `complete -c fastchat${condition}${letter} -l ${long.slice(2)}${value} -d ${quoted(option.description)}`
  }
  const commandLines = commands.flatMap((command) => {
    const [first = '', second] = wordsOf(command)
    const isIn = ` -n '__fish_seen_subcommand_from ${first}'`
    const line =
      second === undefined
        ? `complete -c fastchat -n __fish_use_subcommand -a ${first} -d ${quoted(command.description)}`
        : `complete -c fastchat${isIn} -a ${second} -d ${quoted(command.description)}`
    return [line, ...command.options.map(optionLine(isIn))]
  })
  const parents = [...new Set(commands.flatMap((command) => wordsOf(command).slice(0, -1)))]
  return `${[
    ...options.map(optionLine('')),
    ...parents.map((parent) => `complete -c fastchat -n __fish_use_subcommand -a ${parent}`),
    ...commandLines,
  ].join('\n')}\n`
}

/** \`fastchat group new <group>\` begins with the words \`group\` and \`new\`. */
function wordsOf({ usage }: CommandDoc): readonly string[] {
  return usage
    .split(' ')
    .filter((word) => /^[a-z]+$/.test(word))
    .slice(1)
}

function namesOf({ flags }: OptionDoc): readonly string[] {
  return flags.split(/[ ,]+/).filter((word) => word.startsWith('-'))
}

function takesValue({ flags }: OptionDoc): boolean {
  return flags.includes('<')
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
