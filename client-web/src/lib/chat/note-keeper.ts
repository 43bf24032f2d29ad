import type { SharedClient } from '#lib/tabs/shared-client.ts'
import type { Chat } from './chat.svelte.ts'

const draftAfterMs = 400

/** Keeps drafts and what was read, encrypted by the client, and tells the other tabs. */
export class NoteKeeper {
  readonly #shared: SharedClient
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()

  constructor(shared: SharedClient) {
    this.#shared = shared
  }

  recall(chat: Chat): void {
    const { calls } = this.#shared
    Promise.all([calls.note(`draft ${chat.address}`), calls.note(`read ${chat.address}`)]).then(
      ([draft, readUpTo]) => {
        if (chat.draft === '') chat.draft = draft ?? ''
        if ((readUpTo ?? '') > chat.readUpTo) chat.readUpTo = readUpTo ?? ''
      },
      // Without it the person types again, or sees as new what was seen: nothing is lost.
      () => undefined,
    )
  }

  /** A little later, so that not every key that is pressed is a write. */
  keepDraft(chat: Chat): void {
    clearTimeout(this.#timers.get(chat.address))
    const keep = () => this.#keep(`draft ${chat.address}`, chat.draft)
    this.#timers.set(chat.address, setTimeout(keep, chat.draft === '' ? 0 : draftAfterMs))
  }

  keepReadUpTo(chat: Chat): void {
    this.#keep(`read ${chat.address}`, chat.readUpTo)
  }

  apply(name: string, text: string, find: (address: string) => Chat | undefined): void {
    const at = name.indexOf(' ')
    const chat = find(name.slice(at + 1))
    if (chat === undefined) return
    if (name.startsWith('read ')) chat.readUpTo = text
    else if (!document.hasFocus()) chat.draft = text
  }

  #keep(name: string, text: string): void {
    this.#shared.calls.keepNote(name, text).then(
      () => this.#shared.emit('noted', { name, text }),
      () => undefined,
    )
  }
}
