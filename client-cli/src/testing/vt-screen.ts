import { graphemesOf, graphemeWidth } from '../text/display-width.ts'

/** Modes that change nothing of what is seen here, and questions this terminal does not answer. */
const harmless: readonly string[] = [
  ...['?2004', '?25', '?1004', '?1007', '?2026'].flatMap((mode) => [`${mode}h`, `${mode}l`]),
  ...['?u', '>1u', '<u', '22;0t', '23;0t'],
]

/** What a person would see: as much of a terminal as our screen uses, and it refuses the rest. */
export class VtScreen {
  readonly columns: number
  readonly rows: number
  #lines: string[][] = [[]]
  #top = 0
  #row = 0
  #column = 0
  #saved = { row: 0, column: 0 }
  /** The page that stays, while another lies over it. */
  #below: { readonly lines: string[][]; readonly top: number; readonly row: number } | undefined
  #wraps = true
  #unfinished = ''
  title = ''
  bells = 0

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

  /** True while a program has a page of its own. */
  get isOnOtherPage(): boolean {
    return this.#below !== undefined
  }

  /** Where the next character would stand. */
  get cursor(): { readonly row: number; readonly column: number } {
    return { row: this.#row, column: this.#column }
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
        const length = this.#sequence(rest)
        if (length === 0) {
          this.#unfinished = rest
          return
        }
        rest = rest.slice(length)
        continue
      }
      const plain = rest.split('\u001b', 1)[0] ?? ''
      for (const grapheme of graphemesOf(plain)) this.#put(grapheme)
      rest = rest.slice(plain.length)
    }
  }

  /** Obeys the sequence at the beginning, and returns how long it was; 0 if the end of it is missing. */
  #sequence(text: string): number {
    if (/^\p{Cc}[78]/u.test(text)) {
      if (text[1] === '7') this.#saved = { row: this.#row, column: this.#column }
      else {
        this.#row = this.#saved.row
        this.#column = this.#saved.column
      }
      return 2
    }
    const title = /^\p{Cc}\]0;([^\p{Cc}]*)\p{Cc}/u.exec(text)
    if (title !== null) {
      this.title = title[1] ?? ''
      return title[0].length
    }
    const sequence = /^\p{Cc}\[([?<>\d;]*)([A-Za-z])/u.exec(text)
    if (sequence === null) return 0
    this.#obey(sequence[1] ?? '', sequence[2] ?? '')
    return sequence[0].length
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
    } else if (grapheme === '\u0007') {
      this.bells += 1
    } else if (/[^\P{C}\u200d]/u.test(grapheme)) {
      throw new Error(`the terminal was sent ${JSON.stringify(grapheme)}`)
    } else {
      const width = graphemeWidth(grapheme)
      if (this.#column + width > this.columns) {
        if (this.#wraps) {
          this.#column = 0
          this.#down()
        } else this.#column = this.columns - width
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
      if (first === '2') this.#lines.splice(this.#top)
      else {
        this.#line().splice(this.#column)
        this.#lines.splice(this.#top + this.#row + 1)
      }
    } else if (parameters === '?1049') this.#turnPage(letter === 'h')
    else if (parameters === '?7') this.#wraps = letter === 'h'
    else if (letter !== 'm' && !harmless.includes(`${parameters}${letter}`)) {
      throw new Error(`the terminal was told ${parameters}${letter}`)
    }
  }

  #turnPage(isOther: boolean): void {
    if (isOther) {
      this.#below = { lines: this.#lines, top: this.#top, row: this.#row }
      this.#lines = [[]]
      this.#top = 0
      this.#row = 0
    } else if (this.#below !== undefined) {
      this.#lines = this.#below.lines
      this.#top = this.#below.top
      this.#row = this.#below.row
      this.#below = undefined
    }
    this.#column = 0
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
