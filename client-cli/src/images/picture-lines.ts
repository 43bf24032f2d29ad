import type { Terminal } from '../terminal.ts'
import type { Preview } from './image-job.ts'
import type { ImageProtocol } from './image-protocol.ts'

export interface PictureRoom {
  readonly columns: number
  readonly rows: number
}

/** Pixels of a cell in a usual font, for the terminals that draw real ones. */
const cell = { width: 10, height: 20 }
const esc = '\u001b'
const reset = `${esc}[0m`

/** How many pixels are worth decoding for this much room. */
export function pixelsFor(protocol: ImageProtocol, { columns, rows }: PictureRoom) {
  return protocol === 'blocks'
    ? { width: columns, height: rows * 2 }
    : { width: columns * cell.width, height: rows * cell.height }
}

/** The picture as lines to print; each is one row of the terminal. */
export function pictureLines(
  preview: Preview,
  protocol: ImageProtocol,
  { env, room }: { readonly env: Terminal['env']; readonly room: PictureRoom },
): readonly string[] {
  switch (protocol) {
    case 'none':
      return []
    case 'blocks':
      return blockRows(preview, hasAllColours(env))
    case 'kitty':
    case 'iterm': {
      const rows = Math.min(room.rows, Math.max(1, Math.ceil(preview.height / cell.height)))
      const columns = Math.min(room.columns, Math.max(1, Math.ceil(preview.width / cell.width)))
      const base64 = Buffer.from(preview.png).toString('base64')
      const draw = protocol === 'kitty' ? kitty(base64, { columns, rows }) : iterm(base64, rows)
      return aboveTheLastOf(rows, draw)
    }
  }
}

/**
 * A cell is two pixels: the upper half of the sign has one colour, the ground the other. What is
 * transparent is mixed with black, as most terminals are dark.
 */
export function blockRows(
  { width, height, pixels }: Pick<Preview, 'width' | 'height' | 'pixels'>,
  isTrueColour: boolean,
): readonly string[] {
  const colour = isTrueColour ? trueColour : nearestOf256
  const at = (x: number, y: number) => {
    const start = 4 * (y * width + x)
    const opacity = (pixels[start + 3] ?? 0) / 255
    const part = (offset: number) => Math.round((pixels[start + offset] ?? 0) * opacity)
    return colour(part(0), part(1), part(2))
  }
  return Array.from({ length: Math.ceil(height / 2) }, (_, row) => {
    const cells = Array.from({ length: width }, (_cell, x) => {
      const upper = `${esc}[38;${at(x, 2 * row)}m`
      const lower = 2 * row + 1 < height ? `${esc}[48;${at(x, 2 * row + 1)}m` : `${esc}[49m`
      return `${upper}${lower}▀`
    })
    return `${cells.join('')}${reset}`
  })
}

export function hasAllColours({ COLORTERM }: Terminal['env']): boolean {
  return COLORTERM === 'truecolor' || COLORTERM === '24bit'
}

function trueColour(red: number, green: number, blue: number): string {
  return `2;${red};${green};${blue}`
}

/** The cube of six by six by six that 256 colours have. */
function nearestOf256(red: number, green: number, blue: number): string {
  const step = (value: number) => Math.round((value / 255) * 5)
  return `5;${16 + 36 * step(red) + 6 * step(green) + step(blue)}`
}

/**
 * A drawn picture takes rows without a line break. They are made first, so that the window scrolls
 * before the picture is there and not through it, and so that lines and rows stay the same number.
 */
function aboveTheLastOf(rows: number, draw: string): readonly string[] {
  const up = rows > 1 ? `${esc}[${rows - 1}A` : ''
  // Saved and restored, because terminals do not agree on where the cursor stands afterwards.
  return [...Array.from({ length: rows - 1 }, () => ''), `${esc}7${up}${draw}${esc}8`]
}

/** The kitty graphics protocol: PNG in pieces of 4,096 signs, the cursor left alone, no answers. */
function kitty(base64: string, { columns, rows }: PictureRoom): string {
  const pieces = base64.match(/.{1,4096}/g) ?? []
  return pieces
    .map((piece, index) => {
      const more = index < pieces.length - 1 ? 1 : 0
      const head = index === 0 ? `a=T,f=100,q=2,C=1,c=${columns},r=${rows},` : ''
      return `${esc}_G${head}m=${more};${piece}${esc}\\`
    })
    .join('')
}

function iterm(base64: string, rows: number): string {
  return `${esc}]1337;File=inline=1;height=${rows};preserveAspectRatio=1:${base64}\u0007`
}
