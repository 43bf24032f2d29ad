import type { ChatMessage } from './message-view.ts'

const maxKept = 1000

/** Messages as something to loop over. What came before the first loop waits for it. */
export class MessageStream {
  readonly #readers = new Set<(message: ChatMessage | undefined) => void>()
  #early: ChatMessage[] | undefined = []
  #hasEnded = false

  push(message: ChatMessage): void {
    for (const read of this.#readers) read(message)
    if (this.#early === undefined) return
    this.#early.push(message)
    if (this.#early.length > maxKept) this.#early.shift()
  }

  end(): void {
    this.#hasEnded = true
    for (const read of this.#readers) read(undefined)
  }

  /** Registered at once, not at the first `next`: nothing that comes in between is lost. */
  iterate(): AsyncIterableIterator<ChatMessage> {
    const waiting: (ChatMessage | undefined)[] = this.#early ?? []
    this.#early = undefined
    if (this.#hasEnded) waiting.push(undefined)
    let wake: () => void = () => undefined
    const read = (message: ChatMessage | undefined) => {
      waiting.push(message)
      wake()
    }
    this.#readers.add(read)
    return this.#loop(waiting, read, () => new Promise((resolve) => (wake = resolve)))
  }

  async *#loop(
    waiting: (ChatMessage | undefined)[],
    read: (message: ChatMessage | undefined) => void,
    next: () => Promise<void>,
  ): AsyncGenerator<ChatMessage, undefined> {
    try {
      for (;;) {
        if (waiting.length === 0) await next()
        const message = waiting.shift()
        if (message === undefined) return undefined
        yield message
      }
    } finally {
      this.#readers.delete(read)
    }
  }
}
