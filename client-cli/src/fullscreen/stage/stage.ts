import type { Terminal } from '../../terminal.ts'
import { Painter } from './painter.ts'

// A second page of the terminal, without wrapping at its edge: a row that is too long must not push
// the others down. Pastes and focus are told; turning the wheel is not the key Up.
const begin = '\u001b[22;0t\u001b[?1049h\u001b[?7l\u001b[?1007l\u001b[?2004h\u001b[?1004h'
const end =
  '\u001b[?2026l\u001b[?1004l\u001b[?2004l\u001b[?1007h\u001b[?7h\u001b[0m\u001b[?25h\u001b[?1049l\u001b[23;0t'
const clear = '\u001b[0m\u001b[2J\u001b[H'
const askForExtendedKeys = '\u001b[?u'
const takeExtendedKeys = '\u001b[>1u'
const giveExtendedKeysBack = '\u001b[<u'

/** The terminal while the full screen has it. Whatever happens, it is given back as it was. */
export class Stage {
  readonly #terminal: Terminal
  readonly #painter = new Painter()
  readonly #stopWatching: () => void
  #hasExtendedKeys = false
  #title = ''
  #isOpen = false
  #isFull = false

  constructor(terminal: Terminal) {
    this.#terminal = terminal
    // Before anything is changed: a crash in between must find somebody to undo it.
    this.#stopWatching = terminal.beforeEnd(() => this.leave())
    this.enter()
  }

  enter(): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#terminal.input.setRawMode?.(true)
    this.#painter.forget()
    this.#write(`${begin}${clear}${askForExtendedKeys}`)
  }

  /** Shows the terminal as it was found. What is drawn meanwhile is not shown. */
  leave(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    const keys = this.#hasExtendedKeys ? giveExtendedKeysBack : ''
    this.#hasExtendedKeys = false
    this.#title = ''
    this.#write(`${keys}${end}`)
    this.#terminal.input.setRawMode?.(false)
  }

  get columns(): number {
    return this.#terminal.output.columns ?? 80
  }

  get rows(): number {
    return this.#terminal.output.rows ?? 24
  }

  /** False while the terminal has not taken what it was sent: then a frame can wait for the next. */
  get isReady(): boolean {
    return !this.#isFull
  }

  show(frame: readonly string[]): void {
    if (!this.#isOpen) return
    this.#write(this.#painter.paint(frame))
  }

  /** The terminal has another size, or something else was written on it. */
  redraw(): void {
    if (!this.#isOpen) return
    this.#painter.forget()
    this.#write(clear)
  }

  setTitle(title: string): void {
    if (!this.#isOpen || title === this.#title) return
    this.#title = title
    this.#write(`\u001b]0;${title}\u0007`)
  }

  ring(): void {
    if (this.#isOpen) this.#write('\u0007')
  }

  /** Only a terminal that answered the question understands this. */
  takeExtendedKeys(): void {
    if (this.#hasExtendedKeys || !this.#isOpen) return
    this.#hasExtendedKeys = true
    this.#write(takeExtendedKeys)
  }

  close(): void {
    this.#stopWatching()
    this.leave()
  }

  #write(text: string): void {
    if (text === '') return
    const { output } = this.#terminal
    if (output.write(text) || this.#isFull) return
    this.#isFull = true
    output.once('drain', () => {
      this.#isFull = false
    })
  }
}
