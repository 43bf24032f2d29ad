// How many columns a terminal needs. Where terminals differ this says the larger number: a line that
// is broken early is ugly, a line the terminal breaks itself starts left of the gutter.

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

const wideRanges: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f000, 0x1faff],
  [0x20000, 0x3ffff],
]

export function displayWidth(text: string): number {
  return graphemesOf(text).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0)
}

export function graphemesOf(text: string): readonly string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment)
}

/** A tab counts as one: callers turn tabs into spaces first. */
export function graphemeWidth(grapheme: string): number {
  const code = grapheme.codePointAt(0) ?? 0
  if (/^[\p{M}\u200c\u200d]/u.test(grapheme)) return 0
  if (/\p{Emoji_Presentation}|\ufe0f/u.test(grapheme)) return 2
  // A terminal that knows no clusters draws each letter of one beside the other.
  const letters = Array.from(grapheme).filter((part) => !/[\p{M}\u200c\u200d]/u.test(part)).length
  return isWide(code) ? Math.max(2, letters * 2) : letters
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

/** Shortens to `width` columns, with an ellipsis where something is missing. */
export function shorten(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let kept = ''
  let used = 0
  for (const grapheme of graphemesOf(text)) {
    used += graphemeWidth(grapheme)
    if (used > width - 1) break
    kept += grapheme
  }
  return `${kept}…`
}

function isWide(code: number): boolean {
  return wideRanges.some(([first, last]) => code >= first && code <= last)
}
