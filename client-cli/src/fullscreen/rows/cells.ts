import { displayWidth, padEnd, shorten } from '../../text/display-width.ts'

// Terminals disagree on how wide some pictures are. So whatever must stand in a certain column says
// so, with a sign that no text of anybody can hold (`safeText` lets no private-use character through)
// and that `stage/painter.ts` turns into a movement of the cursor.

const firstColumn = 0xe000
const mostColumns = 4096
const cursorSign = '\uf8ff'

/** A part of the window. */
export interface Area {
  readonly left: number
  readonly width: number
  readonly height: number
}

/** An empty cell that stands in this column whatever stands before it. */
export function at(column: number): string {
  return String.fromCharCode(firstColumn + Math.min(column, mostColumns - 1))
}

/** Where the cursor of the terminal blinks. */
export const cursorHere = cursorSign

export interface Piece {
  readonly kind: 'text' | 'column' | 'cursor'
  readonly text: string
  readonly column: number
}

/** A row, taken apart at those signs. */
export function piecesOf(row: string): readonly Piece[] {
  return row
    .split(/([\ue000-\uefff\uf8ff])/)
    .filter((text) => text !== '')
    .map((text) => {
      const code = text.charCodeAt(0)
      if (text === cursorSign) return { kind: 'cursor', text: '', column: 0 }
      const isColumn = code >= firstColumn && code < firstColumn + mostColumns
      if (!isColumn) return { kind: 'text', text, column: 0 }
      return { kind: 'column', text: ' ', column: code - firstColumn }
    })
}

/** Exactly so wide, with an ellipsis if something is missing. */
export function fit(text: string, width: number): string {
  return padEnd(shorten(text, Math.max(0, width)), width)
}

/** Something at the left and something at the right, which wins if there is no room for both. */
export function sides(
  { left, width }: Pick<Area, 'left' | 'width'>,
  [start, end]: readonly [start: Painted, end: Painted],
): string {
  const room = width - end.width - 1
  if (end.width === 0) return start.width <= width ? start.text : shorten(start.plain, width)
  const begin = start.width <= room ? start.text : shorten(start.plain, room)
  const gap = ' '.repeat(Math.max(0, room - Math.min(start.width, room)))
  return `${begin}${gap}${at(left + room)}${end.text}`
}

/** A text with its colours, which count for nothing when it is measured. */
export interface Painted {
  readonly text: string
  readonly plain: string
  readonly width: number
}

export function painted(plain: string, text: string = plain): Painted {
  return { plain, text, width: displayWidth(plain) }
}

/** One after the other. */
export function joined(parts: readonly Painted[], between = ''): Painted {
  return painted(
    parts.map(({ plain }) => plain).join(between),
    parts.map(({ text }) => text).join(between),
  )
}
