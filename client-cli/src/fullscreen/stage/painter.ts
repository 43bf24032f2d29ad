import { type Piece, piecesOf } from '../rows/cells.ts'

/**
 * Brings a frame onto a terminal: only the rows that changed, each from its first column, and with
 * the columns that matter told in numbers. So a picture that this terminal draws wider or narrower
 * than expected shifts nothing but the rest of its own text.
 */
export class Painter {
  #shown: readonly string[] = []
  #hasCursor = false

  /** What to write so that the terminal shows the frame; empty if it does already. */
  paint(frame: readonly string[]): string {
    const rows = frame.flatMap((row, index) =>
      row === this.#shown[index] ? [] : [write(row, index)],
    )
    const gone = this.#shown.slice(frame.length).map((_row, index) => {
      return `${moveTo(frame.length + index)}\u001b[2K`
    })
    this.#shown = frame
    const hadCursor = this.#hasCursor
    this.#hasCursor = frame.some((row) => piecesOf(row).some(({ kind }) => kind === 'cursor'))
    if (rows.length === 0 && gone.length === 0 && hadCursor === this.#hasCursor) return ''
    const cursor = this.#hasCursor ? `${restoreCursor}${showCursor}` : ''
    return `${beginUpdate}${hideCursor}${rows.join('')}${gone.join('')}${cursor}${endUpdate}`
  }

  /** Forgets what is shown: the terminal was cleared, or somebody else wrote on it. */
  forget(): void {
    this.#shown = []
  }
}

const beginUpdate = '\u001b[?2026h'
const endUpdate = '\u001b[?2026l'
const hideCursor = '\u001b[?25l'
const showCursor = '\u001b[?25h'
const saveCursor = '\u001b7'
const restoreCursor = '\u001b8'

const escapes: Readonly<Record<Piece['kind'], (piece: Piece) => string>> = {
  text: ({ text }) => text,
  column: ({ text, column }) => `\u001b[${column + 1}G${text}`,
  cursor: () => saveCursor,
}

function write(row: string, index: number): string {
  const pieces = piecesOf(row).map((piece) => escapes[piece.kind](piece))
  return `${moveTo(index)}\u001b[0m\u001b[2K${pieces.join('')}\u001b[0m`
}

function moveTo(row: number): string {
  return `\u001b[${row + 1};1H`
}
