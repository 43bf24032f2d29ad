import type { Tone } from '../../text/style.ts'
import { type ScreenState, withTimeline } from './state.ts'
import { append } from './timeline.ts'

export interface Notice {
  readonly atMs: number
  readonly text: string
  readonly tone?: Tone
  /** The conversation it is about; the open one if it is about none. */
  readonly conversation?: string
}

/** Something happened: a line among the messages, where the person looks or where it belongs. */
export function noticed(state: ScreenState, notice: Notice): ScreenState {
  const { atMs, text, tone = 'quiet', conversation = state.open } = notice
  const counter = state.counter + 1
  const entry = { kind: 'notice', key: `notice ${counter}`, atMs, text, tone } as const
  return withTimeline({ ...state, counter }, conversation, (timeline) => append(timeline, entry))
}

/** What the program answers stands under what was asked. */
export function answered(
  state: ScreenState,
  lines: readonly string[],
  command?: string,
): ScreenState {
  if (lines.length === 0 && command === undefined) return state
  const counter = state.counter + 1
  const entry = { kind: 'answer', key: `answer ${counter}`, command, lines } as const
  return withTimeline({ ...state, counter }, state.open, (timeline) => ({
    ...append(timeline, entry),
    anchor: { kind: 'end' },
    below: 0,
  }))
}
