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
