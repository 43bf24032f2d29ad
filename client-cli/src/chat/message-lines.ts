import type { SendState } from '../client.ts'
import { displayWidth, padEnd } from '../text/display-width.ts'
import { clockTime } from '../text/duration.ts'
import type { Marks } from '../text/marks.ts'
import { safeLine, safeText } from '../text/safe-text.ts'
import { paintState, stateWords } from '../text/send-state-words.ts'
import type { Paint } from '../text/style.ts'
import { wrap } from '../text/wrap.ts'

export interface Look {
  /** Columns of the window, or `undefined` where lines stay whole. */
  readonly columns: number | undefined
  readonly marks: Marks
  readonly paint: Paint
}

export interface ShownMessage {
  readonly at: Date
  /** Who wrote it, or `undefined` if that was never proven. */
  readonly from: string | undefined
  /** Set on messages of this person: to whom. */
  readonly to?: string
  readonly text: string
  readonly state?: SendState
}

const nameWidth = 12
const leastText = 20
/** Room for the longest state, so that a line keeps its shape while the state changes. */
const stateWidth = 18

/**
 * A message as lines: time and name, then a gutter on every line. No text of a message ever stands
 * left of the gutter, so it cannot pass for another person, a notice or the prompt.
 */
export function messageLines(message: ShownMessage, look: Look, nowMs: number): readonly string[] {
  const { marks, paint, columns } = look
  const time = clockTime(message.at)
  const name = nameOf(message)
  const pad = ' '.repeat(Math.max(0, nameWidth - displayWidth(name)))
  const head = `${paint('quiet', time)} ${pad}${paint(message.to === undefined ? 'accent' : 'quiet', name)}`
  const headWidth = displayWidth(`${time} ${pad}${name}`)
  const gutter = paint('quiet', ` ${marks.gutter} `)
  const indent = ' '.repeat(headWidth)

  // One column stays free: a terminal wraps by itself when the last one is used.
  const room = columns === undefined ? undefined : columns - headWidth - 3 - 1
  const besideState =
    message.state !== undefined && room !== undefined && room >= leastText + stateWidth
  const width = besideState ? room - stateWidth : room
  const text = safeText(message.text)
  const lines = width === undefined ? text.split('\n') : wrap(text, Math.max(8, width))

  const shown = lines.map((line, index) => {
    const left = `${index === 0 ? head : indent}${gutter}`
    if (!besideState || message.state === undefined || index < lines.length - 1) return left + line
    const state = stateWords(message.state, marks, nowMs)
    const space = stateWidth - displayWidth(`${state.mark} ${state.words}`)
    return `${left}${padEnd(line, width ?? 0)}${' '.repeat(Math.max(1, space))}${paintState(state, paint)}`
  })
  if (besideState || message.state === undefined || columns === undefined) return shown
  return [...shown, `${indent}   ${paintState(stateWords(message.state, marks, nowMs), paint)}`]
}

function nameOf({ from, to }: ShownMessage): string {
  if (to !== undefined) return `to ${safeLine(to)}`
  return from === undefined ? 'somebody' : safeLine(from)
}
