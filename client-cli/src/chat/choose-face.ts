import type { Settings } from '../settings.ts'
import type { Terminal } from '../terminal.ts'

export type Face = 'full-screen' | 'lines' | 'plain'

const least = { columns: 40, rows: 10 }

/**
 * Who reads lines one after the other, as a screen reader or a pipe does, gets lines. A window that
 * has room gets the full screen.
 */
export function chooseFace({ input, output }: Terminal, { isPlain, isLines }: Settings): Face {
  const isWindow = input.isTTY === true && output.isTTY === true
  if (!isWindow || isPlain) return 'plain'
  const { columns = 0, rows = 0 } = output
  const hasRoom = columns >= least.columns && rows >= least.rows
  return isLines || !hasRoom ? 'lines' : 'full-screen'
}
