import type { Chat } from './chat.svelte.ts'
import type { Session } from './session.svelte.ts'
import { wordsOf } from './words-of.ts'

/** What is being written to one conversation. */
export class Compose {
  readonly chat: Chat
  problem = $state('')
  readonly #session: Session

  constructor(session: Session, chat: Chat) {
    this.#session = session
    this.chat = chat
  }

  get title(): string {
    return this.#session.titleOf(this.chat.address)
  }

  write(text: string): void {
    this.problem = ''
    this.#session.chats.keepDraft(this.chat, text)
  }

  /** The box is free at once; the text comes back if it could not be kept. */
  async send(): Promise<void> {
    const text = this.chat.draft.trim()
    if (text === '') return
    this.write('')
    try {
      await this.#session.send(this.chat, text)
    } catch (error) {
      this.problem = wordsOf(error)
      if (this.chat.draft === '') this.#session.chats.keepDraft(this.chat, text)
    }
  }
}
