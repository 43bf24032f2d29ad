// A terminal's screen as a picture: what `tmux capture-pane -e -p` prints, drawn as SVG, so that it stays sharp and small.

const cell = { width: 8.4, height: 18 }
const margin = 14
const basic = [
  ...['#1e1f24', '#e5677a', '#58b27c', '#d6a556', '#6b9df5', '#b98bea', '#4db6c4', '#c8cad1'],
  ...['#70747f', '#ff8c9b', '#7fd6a0', '#f0c478', '#93baff', '#d3aefc', '#79d7e2', '#ffffff'],
]
const paper = '#15161a'
const ink = '#d9dbe1'

/** A change of style, or text in the style that holds. */
const escapeSign = String.fromCharCode(27)
const runs = new RegExp(`${escapeSign}\\[([\\d;:]*)m|([^${escapeSign}]+)`, 'g')

interface Style {
  readonly front: string
  readonly back: string | undefined
  readonly isBold: boolean
  readonly isDim: boolean
  readonly isReversed: boolean
}

const plain: Style = { front: ink, back: undefined, isBold: false, isDim: false, isReversed: false }

/** Lines with SGR sequences (ECMA-48) in them, and nothing else that controls. */
export function ansiToSvg(screen: string, columns: number, title: string): string {
  const lines = screen.replace(/\n+$/, '').split('\n')
  const width = Math.ceil(columns * cell.width + 2 * margin)
  const height = Math.ceil(lines.length * cell.height + 2 * margin)
  let style = plain
  const drawn = lines.map((line, row) => {
    const y = margin + row * cell.height
    let column = 0
    const parts: string[] = []
    for (const [, sequence, text] of line.matchAll(runs)) {
      if (text === undefined) style = apply(style, sequence ?? '')
      else {
        parts.push(...drawText(text, style, column, y))
        column += widthOf(text)
      }
    }
    return parts.join('')
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(title)}">
<rect width="100%" height="100%" rx="10" fill="${paper}"/>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" xml:space="preserve">
${drawn.join('\n')}
</g>
</svg>
`
}

function drawText(text: string, style: Style, column: number, y: number): string[] {
  const [front, back] = style.isReversed
    ? [style.back ?? paper, style.front]
    : [style.front, style.back]
  const x = margin + column * cell.width
  const width = widthOf(text) * cell.width
  const parts: string[] = []
  if (back !== undefined)
    parts.push(
      `<rect x="${at(x)}" y="${at(y)}" width="${at(width + 0.4)}" height="${cell.height}" fill="${back}"/>`,
    )
  if (/^[\u2580\u2584\u2588 ]+$/.test(text)) return [...parts, ...drawBlocks(text, front, x, y)]
  const weight = style.isBold ? ' font-weight="700"' : ''
  const dim = style.isDim ? ' opacity="0.6"' : ''
  // Word by word: SVG does not keep spaces, and each word shall stand in its column whatever the font.
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    const left = at(x + widthOf(text.slice(0, index)) * cell.width)
    const length = at(widthOf(word) * cell.width)
    parts.push(
      `<text x="${left}" y="${at(y + 13.5)}" textLength="${length}" lengthAdjust="spacingAndGlyphs" fill="${front}"${weight}${dim}>${escapeXml(word)}</text>`,
    )
  }
  return parts
}

/** Half blocks are drawn, not written: fonts leave gaps between them. */
function drawBlocks(text: string, front: string, x: number, y: number): string[] {
  const half = cell.height / 2
  return [...text].flatMap((block, index) => {
    if (block === ' ') return []
    const top = block === '\u2584' ? y + half : y
    const height = block === '\u2588' ? cell.height : half
    return `<rect x="${at(x + index * cell.width)}" y="${at(top)}" width="${cell.width + 0.4}" height="${height + 0.4}" fill="${front}"/>`
  })
}

function apply(style: Style, sequence: string): Style {
  const codes = sequence === '' ? [0] : sequence.split(/[;:]/).map(Number)
  let now = style
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0
    if (code === 0) now = plain
    else if (code === 1) now = { ...now, isBold: true }
    else if (code === 2) now = { ...now, isDim: true }
    else if (code === 22) now = { ...now, isBold: false, isDim: false }
    else if (code === 7) now = { ...now, isReversed: true }
    else if (code === 27) now = { ...now, isReversed: false }
    else if (code === 39) now = { ...now, front: ink }
    else if (code === 49) now = { ...now, back: undefined }
    else if (code >= 30 && code <= 37) now = { ...now, front: basic[code - 30] ?? ink }
    else if (code >= 90 && code <= 97) now = { ...now, front: basic[code - 82] ?? ink }
    else if (code >= 40 && code <= 47) now = { ...now, back: basic[code - 40] }
    else if (code >= 100 && code <= 107) now = { ...now, back: basic[code - 92] }
    else if (code === 38 || code === 48) {
      const isTrueColour = codes[index + 1] === 2
      const colour = isTrueColour
        ? `rgb(${codes.slice(index + 2, index + 5).join(',')})`
        : indexed(codes[index + 2] ?? 0)
      now = code === 38 ? { ...now, front: colour } : { ...now, back: colour }
      index += isTrueColour ? 4 : 2
    }
  }
  return now
}

/** The 256 colours of xterm: 16 named ones, a cube of 6 x 6 x 6, and greys. */
function indexed(number: number): string {
  if (number < 16) return basic[number] ?? ink
  if (number >= 232) {
    const grey = 8 + 10 * (number - 232)
    return `rgb(${grey},${grey},${grey})`
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + 40 * step)
  const place = number - 16
  return `rgb(${level(Math.floor(place / 36))},${level(Math.floor(place / 6) % 6)},${level(place % 6)})`
}

/** tmux pads wide characters itself; pictures here hold none but a few signs of one column. */
function widthOf(text: string): number {
  return [...text].length
}

function at(value: number): string {
  return String(Math.round(value * 100) / 100)
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
