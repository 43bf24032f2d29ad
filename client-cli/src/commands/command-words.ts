import type { Command } from './command.ts'

export interface CommandWord {
  readonly command: Command
  /** How this one is typed: its name, or the other name that begins as what was typed. */
  readonly word: string
}

/** The commands that begin so, each once. `/gr` means `/groups`, and `/group add` is `/Addmember`. */
export function commandWords(commands: readonly Command[], typed: string): readonly CommandWord[] {
  const wanted = typed.toLowerCase().replace(/\s+/g, ' ')
  return commands.flatMap((command) => {
    const words = [command.name, ...command.aliases].map((word) => word.toLowerCase())
    // One letter is short for a command and not the beginning of one.
    const word = words.find((known) => known.startsWith(wanted) && isWorthIt(known, words, wanted))
    return word === undefined ? [] : [{ command, word }]
  })
}

function isWorthIt(word: string, words: readonly string[], wanted: string): boolean {
  if (word === words[0]) return true
  // Other names only for whoever is on the way to them, not in a list of everything.
  return wanted.length > 1 && word.length > 2
}
