import type { Look } from '../../chat/message-lines.ts'
import { displayWidth } from '../../text/display-width.ts'
import { safeLine } from '../../text/safe-text.ts'
import type { Conversation } from '../model/conversation.ts'
import { fuzzyFilter } from '../model/fuzzy.ts'
import type { Overlay } from '../model/overlay.ts'
import type { ScreenState } from '../model/state.ts'
import { cursorHere, fit } from './cells.ts'

type Switcher = Extract<Overlay, { kind: 'switcher' }>

/** What Enter opens: a conversation that exists, or one with whoever has the name that was typed. */
export type Choice =
  | { readonly kind: 'conversation'; readonly conversation: Conversation }
  | { readonly kind: 'somebody'; readonly name: string }

export function choicesOf(
  { conversations }: Pick<ScreenState, 'conversations'>,
  { editor }: Switcher,
): readonly Choice[] {
  const typed = editor.text.trim()
  const found = fuzzyFilter(typed, conversations, ({ title }) => title)
  const choices: Choice[] = found.map((conversation) => ({ kind: 'conversation', conversation }))
  const isKnown = conversations.some(({ target }) => target === typed.toLowerCase())
  if (typed.length < 3 || isKnown || /\s|^#/.test(typed)) return choices
  return [...choices, { kind: 'somebody', name: typed }]
}

export function switcherRows(
  state: ScreenState,
  overlay: Switcher,
  look: Omit<Look, 'columns'> & { readonly width: number; readonly height: number },
): readonly string[] {
  const { paint, marks, width, height } = look
  const choices = choicesOf(state, overlay)
  const { text, cursor } = overlay.editor
  const typed = `${safeLine(text.slice(0, cursor))}${cursorHere}${safeLine(text.slice(cursor))}`
  const room = Math.max(1, height - 4)
  const first = Math.max(0, Math.min(overlay.chosen - room + 1, choices.length - room))
  const rows = choices.slice(first, first + room).map((choice, index) => {
    const isChosen = first + index === overlay.chosen
    const { name, note } = wordsOf(choice)
    const left = ` ${isChosen ? marks.chosen : ' '} ${name}`
    const row = `${left}  ${note}`
    if (displayWidth(row) > width) return fit(row, width)
    return `${isChosen ? paint('strong', left) : left}  ${paint('quiet', note)}`
  })
  const none = choices.length === 0 ? [paint('quiet', '   Nothing fits. Esc closes.')] : []
  return [`${paint('accent', ' Jump to: ')}${typed}`, '', ...rows, ...none]
}

function wordsOf(choice: Choice): { readonly name: string; readonly note: string } {
  if (choice.kind === 'somebody')
    return { name: safeLine(choice.name), note: 'begin a conversation' }
  const { title, unread } = choice.conversation
  return { name: safeLine(title), note: unread === 0 ? '' : `${unread} new` }
}
