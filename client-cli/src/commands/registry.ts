import type { Command } from './command.ts'
import { nearest } from './nearest.ts'

/** Throws at start-up, not at use, if one word would mean two commands. */
export function commandTable(commands: readonly Command[]): readonly Command[] {
  const owners = new Map<string, string>()
  for (const command of commands) {
    for (const word of wordsOf(command)) {
      const owner = owners.get(word)
      if (owner !== undefined) {
        throw new Error(`/${word} would mean both /${owner} and /${command.name}`)
      }
      owners.set(word, command.name)
    }
    const restless = command.parameters.slice(0, -1).find((parameter) => parameter.takesRest)
    if (restless !== undefined) {
      throw new Error(`"${restless.name}" of /${command.name} takes the rest but is not the last`)
    }
  }
  return commands
}

/**
 * The command that a line begins with, and what follows it. An alias may be of two words: `/group add` is one command, and
 * `/group` alone another.
 */
export function matchCommand(
  commands: readonly Command[],
  name: string,
  rest: string,
): { readonly command: Command; readonly rest: string } | undefined {
  const [, next = '', behind = ''] = /^(\S*)\s*([\s\S]*)$/.exec(rest) ?? []
  const double = next === '' ? undefined : findCommand(commands, `${name} ${next}`)
  if (double !== undefined) return { command: double, rest: behind }
  const command = findCommand(commands, name)
  return command && { command, rest }
}

export function findCommand(commands: readonly Command[], word: string): Command | undefined {
  return commands.find((command) => wordsOf(command).includes(word.toLowerCase()))
}

export function unknownCommand(commands: readonly Command[], typed: string): string {
  const word = typed.replace(/^\//, '')
  const meant = nearest(word, commands.flatMap(wordsOf))
  const hint = meant === undefined ? '' : ` Did you mean /${meant}?`
  return `There is no command /${word}.${hint} /help shows all of them.`
}

function wordsOf(command: Command): readonly string[] {
  return [command.name, ...command.aliases].map((word) => word.toLowerCase())
}
