import { encode } from 'uqr'
import type { Paint } from './style.ts'

const border = 2

/**
 * A QR code in half blocks: two rows of it in each row of text. The light parts are drawn, because
 * most terminals are dark; where colours are allowed they make it right on a light one as well.
 */
export function qrRows(
  bytes: Uint8Array,
  paint: Paint,
): readonly { readonly text: string; readonly width: number }[] {
  const { data, size } = encode([...bytes], { border, ecc: 'L' })
  const isLight = (row: number, column: number) => data[row]?.[column] !== true
  return Array.from({ length: Math.ceil(size / 2) }, (_, index) => {
    const cells = Array.from({ length: size }, (_cell, column) => {
      const [upper, lower] = [isLight(index * 2, column), isLight(index * 2 + 1, column)]
      if (upper && lower) return '█'
      if (upper) return '▀'
      return lower ? '▄' : ' '
    })
    return { text: paint('code', cells.join('')), width: size }
  })
}
