import { displayWidth, graphemesOf, graphemeWidth } from './display-width.ts'

/** Breaks text into lines of at most `width` columns, at spaces where there are any. */
export function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line.replaceAll('\t', '    '), width))
}

function wrapLine(line: string, width: number): readonly string[] {
  const lines: string[] = []
  let current = ''
  let used = 0
  const flush = () => {
    lines.push(current.trimEnd())
    current = ''
    used = 0
  }
  for (const word of line.split(/(?<= )(?! )/)) {
    const columns = displayWidth(word.trimEnd())
    if (used > 0 && used + columns > width) flush()
    if (columns <= width) {
      current += word
      used += displayWidth(word)
      continue
    }
    for (const grapheme of graphemesOf(word)) {
      const size = graphemeWidth(grapheme)
      if (used > 0 && used + size > width) flush()
      current += grapheme
      used += size
    }
  }
  flush()
  return lines
}

/** As `wrap`, but lines after the first begin under the last column of a table row, or the text. */
export function wrapHanging(line: string, width: number): readonly string[] {
  if (displayWidth(line) <= width) return [line]
  const [head = ''] = /^\s*(?:\S.*?\s{2,})?/.exec(line) ?? []
  const indent = head.length <= width / 2 ? head : (/^\s*/.exec(line)?.[0] ?? '')
  const rest = wrap(line.slice(indent.length), width - indent.length)
  return rest.map((part, index) => (index === 0 ? indent : ' '.repeat(indent.length)) + part)
}
