import { graphemesOf, graphemeWidth } from '../text/display-width.ts'

/** What a person would see: as much of a terminal as our screen uses, and it refuses the rest. */
export class VtScreen {
  readonly columns: number
  readonly rows: number
  #lines: string[][] = [[]]
  #top = 0
  #row = 0
  #column = 0
  #unfinished = ''

  constructor({
    columns = 80,
    rows = 24,
  }: { readonly columns?: number; readonly rows?: number } = {}) {
    this.columns = columns
    this.rows = rows
  }

  /** Everything from the first line on, scrolled out or not, without spaces at the ends. */
  get text(): string {
    return this.#lines.map(asText).join('\n').trimEnd()
  }

  /** The line the cursor is on. */
  get inputLine(): string {
    return asText(this.#lines[this.#top + this.#row] ?? [])
  }

  write(bytes: string): void {
    let rest = this.#unfinished + bytes
    this.#unfinished = ''
    while (rest !== '') {
      if (rest.startsWith('\u001b')) {
        const sequence = /^\p{Cc}\[([?\d;]*)([A-Za-z])/u.exec(rest)
        if (sequence === null) {
          this.#unfinished = rest
          return
        }
        this.#obey(sequence[1] ?? '', sequence[2] ?? '')
        rest = rest.slice(sequence[0].length)
        continue
      }
      const plain = rest.split('\u001b', 1)[0] ?? ''
      for (const grapheme of graphemesOf(plain)) this.#put(grapheme)
      rest = rest.slice(plain.length)
    }
  }

  #put(grapheme: string): void {
    if (grapheme === '\r\n') {
      this.#column = 0
      this.#down()
    } else if (grapheme === '\r') this.#column = 0
    else if (grapheme === '\n') {
      // The terminal driver adds the carriage return.
      this.#column = 0
      this.#down()
    } else if (/\p{C}/u.test(grapheme)) {
      throw new Error(`the terminal was sent ${JSON.stringify(grapheme)}`)
    } else {
      const width = graphemeWidth(grapheme)
      if (this.#column + width > this.columns) {
        this.#column = 0
        this.#down()
      }
      const line = this.#line()
      while (line.length < this.#column) line.push(' ')
      line.splice(this.#column, width, grapheme, ...Array.from({ length: width - 1 }, () => ''))
      this.#column += width
    }
  }

  #obey(parameters: string, letter: string): void {
    const [first = '', second = ''] = parameters.split(';')
    const count = Number(first === '' ? 1 : first)
    if (letter === 'A') this.#row = Math.max(0, this.#row - count)
    else if (letter === 'B') this.#row = Math.min(this.rows - 1, this.#row + count)
    else if (letter === 'C') this.#column = Math.min(this.columns - 1, this.#column + count)
    else if (letter === 'D') this.#column = Math.max(0, this.#column - count)
    else if (letter === 'G') this.#column = count - 1
    else if (letter === 'H') {
      this.#row = count - 1
      this.#column = Number(second === '' ? 1 : second) - 1
    } else if (letter === 'K') this.#line().splice(first === '2' ? 0 : this.#column)
    else if (letter === 'J') {
      this.#line().splice(this.#column)
      this.#lines.splice(this.#top + this.#row + 1)
    } else if (!['?2004', '?25'].includes(parameters) && letter !== 'm') {
      throw new Error(`the terminal was told ${parameters}${letter}`)
    }
  }

  #down(): void {
    if (this.#row < this.rows - 1) this.#row += 1
    else this.#top += 1
    this.#line()
  }

  #line(): string[] {
    while (this.#lines.length <= this.#top + this.#row) this.#lines.push([])
    return this.#lines[this.#top + this.#row] ?? []
  }
}

function asText(line: readonly string[]): string {
  return line.join('').trimEnd()
}
