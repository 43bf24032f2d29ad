import { type ScreenState, timelineOf } from '../model/state.ts'
import { visibleRows } from '../model/viewport.ts'
import { at } from './cells.ts'
import { conversationHead } from './conversation-head.ts'
import type { Layout } from './layout.ts'
import type { RowLook } from './message-rows.ts'
import { type RowCache, rowsAt } from './timeline-rows.ts'

export interface MainLook {
  readonly layout: Layout
  readonly look: Omit<RowLook, 'area'>
  readonly cache: RowCache
}

/** The name of the conversation and the part of it that the window shows: the newest at the bottom. */
export function mainRows(state: ScreenState, { layout, look, cache }: MainLook): readonly string[] {
  const { main, messages } = layout
  const timeline = timelineOf(state)
  const inside = { ...look, area: messages }
  const isReadingBack = timeline.anchor.kind === 'at'
  const height = messages.height - (isReadingBack ? 1 : 0)
  const { rows } = visibleRows(timeline, height, (index) =>
    rowsAt(timeline, index, { look: inside, cache }),
  )
  const filled = [...Array.from({ length: height - rows.length }, () => ''), ...rows]
  const head =
    messages.height < main.height ? conversationHead(state, { ...inside, area: messages }) : []
  const below = isReadingBack ? [belowRow(timeline.below, look)] : []
  return [...head, ...filled, ...below].map((row) => `${at(main.left)}${row}`)
}

function belowRow(count: number, { paint }: Omit<RowLook, 'area'>): string {
  const words =
    count === 0 ? 'Older messages. End: the newest' : `${count} new below. End: the newest`
  return paint(count === 0 ? 'quiet' : 'waiting', words)
}
