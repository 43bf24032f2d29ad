import type { Look } from '../../chat/message-lines.ts'
import { type Command, usageOf } from '../../commands/command.ts'
import { commandWords } from '../../commands/command-words.ts'
import { findCommand } from '../../commands/registry.ts'
import { displayWidth } from '../../text/display-width.ts'
import { safeLine } from '../../text/safe-text.ts'
import type { ScreenState } from '../model/state.ts'
import { fit } from './cells.ts'

export interface SuggestionLook extends Omit<Look, 'columns'> {
  readonly width: number
  readonly mostRows: number
  readonly commands: readonly Command[]
}

/** What the line could become: while a command is typed all that begin so, after Tab what Tab offers. */
export function suggestionRows(state: ScreenState, look: SuggestionLook): readonly string[] {
  const { suggestions } = state
  const items = suggestions?.items ?? typedCommands(state, look.commands)
  const chosen = suggestions?.chosen ?? -1
  const { mostRows, width, marks, paint } = look
  if (items.length === 0 || mostRows < 1) return []
  // The last row says that there are more; what Tab chose stands above it.
  const room = items.length > mostRows ? mostRows - 1 : mostRows
  const first = Math.max(0, Math.min(chosen - room + 1, items.length - room))
  const shown = items.slice(first, first + room)
  const said = shown.map((item) => descriptionOf(item, look.commands))
  const column = Math.min(
    Math.floor(width / 2),
    Math.max(0, ...said.map(({ name }) => displayWidth(name))),
  )
  const rows = said.map(({ name, summary }, index) => {
    const isChosen = first + index === chosen
    const sign = isChosen ? marks.chosen : ' '
    const left = ` ${sign} ${fit(name, column)}  `
    const right = fit(summary, width - displayWidth(left))
    return `${isChosen ? paint('strong', left) : left}${paint('quiet', right)}`
  })
  const hidden = items.length - shown.length
  if (hidden === 0) return rows
  return [...rows, paint('quiet', fit(`   ${hidden} more: Tab`, width))]
}

/** Only while the command itself is typed: afterwards Tab asks, because asking may go to a server. */
function typedCommands(
  { editor, question }: ScreenState,
  commands: readonly Command[],
): readonly string[] {
  const { text } = editor
  if (question !== undefined || !/^\/(?!\/)/.test(text)) return []
  return commandWords(commands, text.slice(1)).map(({ word }) => `/${word}`)
}

/** A command as it is being typed, with what it takes; anything else as it is. */
function descriptionOf(
  item: string,
  commands: readonly Command[],
): { readonly name: string; readonly summary: string } {
  const word = item.trim()
  const command = word.startsWith('/') ? findCommand(commands, word.slice(1)) : undefined
  if (command === undefined) return { name: safeLine(word), summary: '' }
  const isName = command.name.toLowerCase() === word.slice(1)
  const usage = usageOf(command)
  return {
    name: isName ? usage : usage.replace(`/${command.name}`, word),
    summary: command.summary,
  }
}
