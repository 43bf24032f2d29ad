import type { ChatClient } from '../client.ts'
import type { Completion } from '../screen/screen.ts'
import type { Command } from './command.ts'
import { commandWords } from './command-words.ts'
import { completePath } from './complete-path.ts'
import { groupTitle } from './groups/group-parameter.ts'
import { asWord } from './parse-line.ts'
import { matchCommand } from './registry.ts'

type Completing = Pick<ChatClient, 'conversations' | 'groups' | 'search'>

/** Two stages: first the command, then what its parameter at this place is about. */
export async function complete(
  line: string,
  commands: readonly Command[],
  client: Completing,
): Promise<Completion> {
  const nothing = { matches: [], completed: line }
  if (!line.startsWith('/') || line.startsWith('//')) return nothing
  const [, name = '', rest = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(line) ?? []
  const isCommandTyped = /\s/.test(line)
  const words = commandWords(commands, line.slice(1))
  if (!isCommandTyped || words.length > 0) {
    return { matches: words.map(({ word }) => `/${word} `), completed: line }
  }
  const match = matchCommand(commands, name, rest)
  if (match === undefined) return nothing
  const { index, typed } = wordBeingTyped(match.rest)
  const parameter = match.command.parameters[index]
  switch (parameter?.completes) {
    case undefined:
      return nothing
    case 'command':
      return { matches: commandWords(commands, typed).map(({ word }) => word), completed: typed }
    case 'account':
      return { matches: await people(typed, client), completed: typed }
    case 'group':
      return { matches: await groups(typed, client), completed: typed }
    case 'path':
      return { matches: await completePath(typed), completed: typed }
    case 'place': {
      const isGroup = /^"?#/.test(typed)
      return { matches: await (isGroup ? groups : people)(typed, client), completed: typed }
    }
  }
}

async function groups(typed: string, client: Completing): Promise<readonly string[]> {
  const active = (await client.groups.list()).filter(({ state }) => state === 'active')
  const name = typed.replace(/^"/, '')
  const prefix = name.startsWith('#') ? name : `#${name}`
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

/** Which word of a line the cursor stands behind, and what of it is there; a quote may still be open. */
function wordBeingTyped(rest: string): { readonly index: number; readonly typed: string } {
  const words = rest.match(/"(?:[^"\\]|\\.)*"?|\S+/g) ?? []
  const last = words.at(-1) ?? ''
  const isOpen = /^"(?:[^"\\]|\\.)*$/.test(last)
  if (rest === '' || (/\s$/.test(rest) && !isOpen)) return { index: words.length, typed: '' }
  return { index: words.length - 1, typed: last }
}
