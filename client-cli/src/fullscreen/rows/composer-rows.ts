import type { Look } from '../../chat/message-lines.ts'
import { displayWidth, graphemesOf, graphemeWidth, shorten } from '../../text/display-width.ts'
import { safeLine } from '../../text/safe-text.ts'
import { lobby } from '../model/conversation.ts'
import { openConversation, type ScreenState } from '../model/state.ts'
import { cursorHere } from './cells.ts'

const longestTitle = 16

/** The text being written, with the sign for the cursor in it: the rows around the cursor that fit. */
export function composerRows(
  state: ScreenState,
  {
    columns,
    mostRows,
    paint,
    marks,
  }: Omit<Look, 'columns'> & {
    readonly columns: number
    readonly mostRows: number
  },
): readonly string[] {
  const prompt = promptOf(state, marks.prompt)
  const width = displayWidth(prompt)
  const { text, cursor } = state.editor
  const { rows, cursorRow } = broken(text, cursor, Math.max(4, columns - width - 2))
  const first = Math.max(0, Math.min(cursorRow - mostRows + 1, rows.length - mostRows))
  return rows.slice(first, first + mostRows).map((row, index) => {
    const isFirst = first === 0 && index === 0
    return `${isFirst ? paint('accent', prompt) : ' '.repeat(width)}${row}`
  })
}

/** Where a line goes is said beside it: text must not land with somebody it was not for. */
function promptOf(state: ScreenState, sign: string): string {
  if (state.question !== undefined) return ` ${safeLine(state.question)}`
  const conversation = openConversation(state)
  if (state.open === lobby || conversation === undefined) return ` ${sign} `
  return ` ${shorten(safeLine(conversation.title), longestTitle)} ${sign} `
}

/** Broken where the row is full, not at words, so that a letter typed moves nothing left of it. */
function broken(
  text: string,
  cursor: number,
  width: number,
): { readonly rows: readonly string[]; readonly cursorRow: number } {
  const rows = ['']
  let used = 0
  let index = 0
  let cursorRow = 0
  const put = (sign: string, size: number) => {
    if (used + size > width) {
      rows.push('')
      used = 0
    }
    rows.push(`${rows.pop() ?? ''}${sign}`)
    used += size
  }
  for (const grapheme of graphemesOf(text)) {
    if (index === cursor) {
      // The cursor takes no room, but it must not stand behind the last column.
      if (used === width) put('', 1)
      cursorRow = rows.length - 1
      rows.push(`${rows.pop() ?? ''}${cursorHere}`)
    }
    if (grapheme === '\n') {
      rows.push('')
      used = 0
    } else put(grapheme, graphemeWidth(grapheme))
    index += grapheme.length
  }
  if (cursor >= text.length) {
    if (used === width) put('', 1)
    cursorRow = rows.length - 1
    rows.push(`${rows.pop() ?? ''}${cursorHere}`)
  }
  return { rows, cursorRow }
}
