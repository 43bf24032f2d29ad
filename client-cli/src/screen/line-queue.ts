import type { Heard } from './screen.ts'

/** Lines that were heard before anybody asked wait here; so does whoever asked before a line came. */
export class LineQueue {
  readonly #heard: Heard[] = []
  readonly #waiting: ((heard: Heard) => void)[] = []
  #last: Heard | undefined

  push(heard: Heard): void {
    if (this.#last !== undefined) return
    if (heard.kind !== 'line') this.#last = heard
    const next = this.#waiting.shift()
    if (next === undefined) this.#heard.push(heard)
    else next(heard)
    if (heard.kind !== 'line') for (const late of this.#waiting.splice(0)) late(heard)
  }

  /** After the end, every call answers with the end. */
  take(): Promise<Heard> {
    const heard = this.#heard.shift() ?? this.#last
    if (heard !== undefined) return Promise.resolve(heard)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
