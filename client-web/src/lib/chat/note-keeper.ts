import type { SharedClient } from '#lib/tabs/shared-client.ts'
import type { Chat } from './chat.svelte.ts'

/** Keeps drafts and what was read, encrypted by the client, and tells the other tabs. */
export class NoteKeeper {
  readonly #shared: SharedClient
  /** Whose draft is being kept, and whether it was changed since. */
  readonly #drafts = new Map<Chat, { isNewer: boolean }>()

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

  /**
   * At once, since a page that is closed or loaded anew has no time left to encrypt anything. While
   * one is being kept others only count as newer: not every key that is pressed is a write.
   */
  keepDraft(chat: Chat): void {
    const keeping = this.#drafts.get(chat)
    if (keeping === undefined) void this.#keepDraft(chat)
    else keeping.isNewer = true
  }

  async #keepDraft(chat: Chat): Promise<void> {
    const keeping = { isNewer: true }
    this.#drafts.set(chat, keeping)
    while (keeping.isNewer) {
      keeping.isNewer = false
      await this.#keep(`draft ${chat.address}`, chat.draft)
    }
    this.#drafts.delete(chat)
  }

  keepReadUpTo(chat: Chat): void {
    void this.#keep(`read ${chat.address}`, chat.readUpTo)
  }

  apply(name: string, text: string, find: (address: string) => Chat | undefined): void {
    const at = name.indexOf(' ')
    const chat = find(name.slice(at + 1))
    if (chat === undefined) return
    if (name.startsWith('read ')) chat.readUpTo = text
    else if (!document.hasFocus() && !this.#drafts.has(chat)) chat.draft = text
  }

  async #keep(name: string, text: string): Promise<void> {
    try {
      await this.#shared.calls.keepNote(name, text)
      this.#shared.emit('noted', { name, text })
    } catch {
      // As above: nothing is lost that was sent.
    }
  }
}
