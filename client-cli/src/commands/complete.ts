import type { ChatClient } from '../client.ts'
import type { Completion } from '../screen/screen.ts'
import type { Command } from './command.ts'
import { completePath } from './complete-path.ts'
import { groupTitle } from './groups/group-parameter.ts'
import { asWord } from './parse-line.ts'
import { findCommand } from './registry.ts'

type Completing = Pick<ChatClient, 'conversations' | 'groups' | 'search'>

/** Two stages: first the command, then what its parameter at this place is about. */
export async function complete(
  line: string,
  commands: readonly Command[],
  client: Completing,
): Promise<Completion> {
  const nothing = { matches: [], completed: line }
  if (!line.startsWith('/') || line.startsWith('//')) return nothing
  const [head = '', ...words] = line.split(/\s+/)
  if (words.length === 0) {
    return { matches: beginning(commandWords(commands), line, ' '), completed: line }
  }
  const command = findCommand(commands, head.slice(1))
  const parameter = command?.parameters[words.length - 1]
  const typed = words.at(-1) ?? ''
  switch (parameter?.completes) {
    case undefined:
      return nothing
    case 'command':
      return { matches: beginning(commandNames(commands), typed, ''), completed: typed }
    case 'account':
      return { matches: await people(typed, client), completed: typed }
    case 'group':
      return { matches: await groups(typed, client), completed: typed }
    case 'path':
      return { matches: await completePath(typed), completed: typed }
    case 'place': {
      const isGroup = typed.startsWith('#')
      return { matches: await (isGroup ? groups : people)(typed, client), completed: typed }
    }
  }
}

async function groups(typed: string, client: Completing): Promise<readonly string[]> {
  const active = (await client.groups.list()).filter(({ state }) => state === 'active')
  const prefix = typed.startsWith('#') ? typed : `#${typed}`
  return beginning(active.map(groupTitle), prefix, '').map((title) => `${asWord(title)} `)
}

async function people(typed: string, client: Completing): Promise<readonly string[]> {
  const known = (await client.conversations()).flatMap(({ peer }) => peer ?? [])
  const close = beginning(known, typed, ' ')
  // Strangers only when nobody known fits: asking tells the server whom one looks for.
  if (close.length > 0 || typed.length < 2) return close
  const found = await client.search(typed.toLowerCase())
  return found.map((username) => `${username} `)
}

function beginning(words: readonly string[], typed: string, end: string): readonly string[] {
  const wanted = typed.toLowerCase()
  return words.filter((word) => word.toLowerCase().startsWith(wanted)).map((word) => word + end)
}

function commandNames(commands: readonly Command[]): readonly string[] {
  return commands.map(({ name }) => name.toLowerCase())
}

function commandWords(commands: readonly Command[]): readonly string[] {
  return commandNames(commands).map((name) => `/${name}`)
}
