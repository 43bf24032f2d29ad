import type { Anchor, Timeline } from './timeline.ts'

/** The rows of the entry of that number; as many as it takes. */
export type RowsAt = (index: number) => readonly string[]

export interface View {
  readonly rows: readonly string[]
  /** True if the first entry of the timeline is in sight. */
  readonly isAtStart: boolean
}

/** The rows that fit into the window, which ends where the anchor says. Only those are made. */
export function visibleRows(timeline: Timeline, height: number, rowsAt: RowsAt): View {
  const { index, skipped } = placeOf(timeline, rowsAt)
  const rows: string[] = []
  let at = index
  let leave = skipped
  while (at >= 0 && rows.length < height) {
    const entry = rowsAt(at)
    rows.unshift(...entry.slice(0, Math.max(0, entry.length - leave)))
    leave = 0
    at -= 1
  }
  return { rows: rows.slice(-height), isAtStart: at < 0 && rows.length <= height }
}

/** Moves the window by so many rows: negative ones are up, into the past. */
export function scrolled(
  timeline: Timeline,
  { height, by, rowsAt }: { readonly height: number; readonly by: number; readonly rowsAt: RowsAt },
): Anchor {
  let { index, skipped } = placeOf(timeline, rowsAt)
  if (index < 0) return { kind: 'end' }
  skipped -= by
  while (skipped < 0) {
    if (index + 1 >= timeline.entries.length) return { kind: 'end' }
    index += 1
    skipped += rowsAt(index).length
  }
  // Never so far that there is nothing above: the first row stays at the top.
  let left = height
  for (;;) {
    const length = rowsAt(index).length
    if (skipped < length || index === 0) break
    skipped -= length
    index -= 1
  }
  left -= rowsAt(index).length - skipped
  for (let above = index - 1; above >= 0 && left > 0; above--) left -= rowsAt(above).length
  if (left > 0) return topOf(timeline, height, rowsAt)
  return anchorAt(timeline, index, skipped)
}

/** The window that begins with the first row there is. */
export function topOf(timeline: Timeline, height: number, rowsAt: RowsAt): Anchor {
  return windowFrom(timeline, 0, { height, rowsAt })
}

/** The window that begins with what is new, or the newest if all of that is in sight there. */
export function newOf(timeline: Timeline, height: number, rowsAt: RowsAt): Anchor {
  const first = timeline.entries.findIndex(({ key }) => key === timeline.newFrom)
  return first === -1 ? { kind: 'end' } : windowFrom(timeline, first, { height, rowsAt })
}

function windowFrom(
  timeline: Timeline,
  first: number,
  { height, rowsAt }: { readonly height: number; readonly rowsAt: RowsAt },
): Anchor {
  let left = height
  for (let index = first; index < timeline.entries.length; index++) {
    const { length } = rowsAt(index)
    if (length >= left) return anchorAt(timeline, index, length - left)
    left -= length
  }
  return { kind: 'end' }
}

function anchorAt(timeline: Timeline, index: number, skippedRows: number): Anchor {
  const entry = timeline.entries[index]
  const isLast = index === timeline.entries.length - 1 && skippedRows === 0
  if (entry === undefined || isLast) return { kind: 'end' }
  return { kind: 'at', key: entry.key, skippedRows }
}

function placeOf({ anchor, entries }: Timeline, rowsAt: RowsAt) {
  const end = { index: entries.length - 1, skipped: 0 }
  if (anchor.kind === 'end') return end
  const { key, skippedRows } = anchor
  const index = entries.findIndex((entry) => entry.key === key)
  if (index === -1) return end
  // In a window that got wider the entry takes fewer rows than when it was scrolled to.
  return { index, skipped: Math.min(skippedRows, Math.max(0, rowsAt(index).length - 1)) }
}
