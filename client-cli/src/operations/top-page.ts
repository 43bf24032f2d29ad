import type { Terminal } from '../terminal.ts'

/** A second page of the terminal, drawn over again and again. Whatever happens, the first comes back. */
export interface Page {
  show(lines: readonly string[]): void
  close(): void
}

const begin = '\u001b[?1049h\u001b[?25l\u001b[?7l'
const end = '\u001b[?7h\u001b[?25h\u001b[?1049l'
const home = '\u001b[H'
const restOfLine = '\u001b[K'
const restOfPage = '\u001b[J'

export function openPage(terminal: Terminal): Page {
  const { output } = terminal
  const callOff = terminal.beforeEnd(() => output.write(end))
  output.write(begin)
  return {
    show(lines) {
      // What does not fit is cut: the terminal does not wrap, and a page that scrolls cannot be drawn over.
      const fitting = lines.slice(0, Math.max(1, (output.rows ?? 24) - 1))
      output.write(
        `${home}${fitting.map((line) => `${line}${restOfLine}\r\n`).join('')}${restOfPage}`,
      )
    },
    close() {
      callOff()
      output.write(end)
    },
  }
}
