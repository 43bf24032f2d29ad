import { type PreparedFile, prepareFile } from '#lib/files/prepare-file.ts'
import type { Chat } from './chat.svelte.ts'
import type { Session } from './session.svelte.ts'
import { wordsOf } from './words-of.ts'

/** What is being written to one conversation. */
export class Compose {
  readonly chat: Chat
  problem = $state('')
  /** Chosen, prepared, and not sent yet: the person looks at them first. */
  files = $state.raw<readonly PreparedFile[]>([])
  isPreparing = $state(false)
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

  /** Files that were pasted, dropped or picked. */
  async choose(files: readonly File[]): Promise<void> {
    if (files.length === 0) return
    this.problem = ''
    this.isPreparing = true
    const refused: string[] = []
    for (const file of files) {
      const prepared = await prepareFile(file)
      if (prepared.kind === 'refused') refused.push(prepared.words)
      else this.files = [...this.files, prepared.file]
    }
    this.problem = refused.join(' ')
    this.isPreparing = false
  }

  drop(file: PreparedFile): void {
    this.files = this.files.filter((other) => other !== file)
  }

  /** The words go with the first file. */
  async sendFiles(caption: string): Promise<void> {
    const { files } = this
    this.files = []
    for (const [index, { words: _words, ...file }] of files.entries()) {
      const said = index === 0 ? caption.trim() : ''
      try {
        await this.#session.sendFile(this.chat, { ...file, ...(said !== '' && { caption: said }) })
      } catch (error) {
        this.problem = wordsOf(error)
      }
    }
  }
}
