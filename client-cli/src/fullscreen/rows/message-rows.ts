import type { Look } from '../../chat/message-lines.ts'
import { textOf } from '../../chat/message-view.ts'
import type { SendState } from '../../client.ts'
import { displayWidth } from '../../text/display-width.ts'
import { clockTime } from '../../text/duration.ts'
import { safeLine, safeText } from '../../text/safe-text.ts'
import { stateWords } from '../../text/send-state-words.ts'
import { wrap } from '../../text/wrap.ts'
import type { MessageEntry } from '../model/timeline.ts'
import { type Area, at, type Painted, painted } from './cells.ts'
import { dial } from './dial.ts'

export interface RowLook extends Omit<Look, 'columns'> {
  readonly area: Pick<Area, 'left' | 'width'>
  /** The time of the servers, which countdowns count on. */
  readonly nowMs: number
}

const timeWidth = 7
const nameWidth = 10
const leastText = 16

/** How much room states get at the right, so that a text keeps its shape while its state changes. */
const stateRoom = { words: 21, marks: 13 }
const wideEnough = 72

/** A message: time, name, text, and how far it came at the right. Text never stands left of its own. */
export function messageRows(entry: MessageEntry, look: RowLook): readonly string[] {
  const { message, state } = entry
  const { area } = look
  const width = area.width - 1
  const head = headOf(entry, look)
  const indent = timeWidth + nameWidth + 2
  const reserved = area.width >= wideEnough ? stateRoom.words : stateRoom.marks
  const hasRoom = state !== undefined && width - indent - reserved >= leastText
  const textWidth = Math.max(8, width - indent - (hasRoom ? reserved : 0))

  const lines = wrap(safeText(textOf(message)), textWidth)
  const isNameBeside = head.width <= indent
  const rows = lines.map((line, index) => {
    const left = index === 0 && isNameBeside ? padRight(head, indent) : ' '.repeat(indent)
    return { text: `${left}${line}`, width: indent + displayWidth(line) }
  })
  const texts = [...missing(entry, look), ...(isNameBeside ? [] : [head.text])]
  if (state === undefined) return [...texts, ...rows.map(({ text }) => text)]

  const shown = stateOf(state, entry, look)
  const start = width - shown.width - 1
  const last = rows.at(-1)
  const isBeside = last !== undefined && last.width <= start
  const [before, beside] = isBeside ? [rows.slice(0, -1), last] : [rows, { text: '', width: 0 }]
  const gap = ' '.repeat(Math.max(0, start - beside.width))
  const withState = `${beside.text}${gap}${at(area.left + start)}${shown.text}`
  return [...texts, ...before.map(({ text }) => text), withState]
}

function headOf({ message, state }: MessageEntry, { paint }: RowLook): Painted {
  const time = clockTime(new Date(message.sentAtMs))
  const from = 'from' in message ? safeLine(message.from) : 'somebody'
  const isMine = state !== undefined || ('isMine' in message && message.isMine)
  return painted(
    `${time}  ${from}`,
    `${paint('quiet', time)}  ${paint(isMine ? 'quiet' : 'accent', from)}`,
  )
}

function padRight({ text, width }: Painted, room: number): string {
  return text + ' '.repeat(Math.max(0, room - width))
}

function missing({ message }: MessageEntry, { paint, marks, area }: RowLook): readonly string[] {
  if (!('isMissingBefore' in message) || !message.isMissingBefore) return []
  const said = `${marks.notice} A message of ${safeLine(message.from)} before this one never came here.`
  return wrap(said, area.width - 1 - timeWidth).map((line) => {
    return `${' '.repeat(timeWidth)}${paint('quiet', line)}`
  })
}

/** `✓ stored 1:12 ◑`, `✓✓ delivered`, `✗ expired /retry 4`; without the words where it is narrow. */
function stateOf(state: SendState, { number }: MessageEntry, look: RowLook): Painted {
  const { marks, paint, nowMs, area } = look
  const { mark, words, tone } = stateWords(state, marks, nowMs)
  const shape =
    state.kind === 'stored' ? ` ${dial(state.expiresAtMs - nowMs, marks)}`.trimEnd() : ''
  const next = number === undefined ? '' : ` /retry ${number}`
  const isShort = area.width < wideEnough
  const said = isShort ? shortWords(state, words) : ` ${words}`
  const plain = `${mark}${said}${shape}${next}`
  return { ...painted(plain, paint(tone, plain)), width: displayWidth(plain) }
}

/** The mark says the rest. A mark that is for several states is not enough. */
function shortWords({ kind }: SendState, words: string): string {
  if (kind === 'stored') return ` ${words.replace('stored ', '')}`
  if (kind === 'partly-delivered') return ` ${words.replace('delivered ', '')}`
  if (kind === 'delivered' || kind === 'expired') return ''
  return ` ${words}`
}
