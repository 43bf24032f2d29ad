import type { ChatMessage, SendState } from '@fastchat/client-core'
import { SvelteMap } from 'svelte/reactivity'
import type { SharedClient } from '#lib/tabs/shared-client.ts'
import { Chat } from './chat.svelte.ts'
import { addressOf, isSentHere } from './message-place.ts'
import { NoteKeeper } from './note-keeper.ts'

const firstPage = 30
const nextPage = 80

interface News {
  readonly state: SendState
  readonly position: string
}

/** Every conversation of the person, kept up to date by what the client tells. */
export class Chats {
  readonly #shared: SharedClient
  readonly #byAddress = new SvelteMap<string, Chat>()
  /** News of messages that are not known yet: the answer to `send` may be slower than its news. */
  readonly #early = new Map<string, News>()
  readonly #notes: NoteKeeper
  isLoaded = $state(false)

  /** The one that was written in last comes first. */
  readonly list = $derived(
    [...this.#byAddress.values()]
      .filter((chat) => chat.lastAtMs > 0)
      .sort((one, other) => other.lastAtMs - one.lastAtMs),
  )
  readonly unread = $derived(this.list.reduce((sum, chat) => sum + chat.unread, 0))
  readonly queued = $derived(this.list.reduce((sum, chat) => sum + chat.queued, 0))

  constructor(shared: SharedClient) {
    this.#shared = shared
    this.#notes = new NoteKeeper(shared)
  }

  async load(): Promise<void> {
    const conversations = await this.#shared.calls.conversations()
    await Promise.all(
      conversations.map(async ({ id, peer, lastAtMs }) => {
        const chat = this.of(peer ?? id)
        chat.lastAtMs = Math.max(chat.lastAtMs, lastAtMs)
        await this.#loadPage(chat, { limit: firstPage })
      }),
    )
    this.isLoaded = true
  }

  /** The conversation of that address, also if nothing was written in it yet. */
  of(address: string): Chat {
    const known = this.#byAddress.get(address)
    if (known !== undefined) return known
    const chat = new Chat(address)
    this.#byAddress.set(address, chat)
    this.#notes.recall(chat)
    return chat
  }

  async loadOlder(chat: Chat): Promise<void> {
    const before = chat.messages[0]?.position
    await this.#loadPage(chat, { limit: nextPage, ...(before !== undefined && { before }) })
  }

  receive(message: ChatMessage): Chat {
    const chat = this.of(addressOf(message))
    chat.add(message)
    const early = this.#early.get(message.id)
    if (early !== undefined && chat.advance(message.id, early.state, early.position)) {
      this.#early.delete(message.id)
    }
    return chat
  }

  /** Returns the conversation whose message has come further, if it is known. */
  advance(id: string, state: SendState, position: string): Chat | undefined {
    const chat = this.list.find((candidate) => candidate.advance(id, state, position))
    if (chat === undefined) this.#early.set(id, { state, position })
    return chat
  }

  /** How far a message of this device has come, as it is known here. */
  stateOf(id: string): SendState | undefined {
    const messages = this.list.flatMap((chat) => chat.messages)
    const message = messages.find((candidate) => candidate.id === id && isSentHere(candidate))
    return message !== undefined && 'state' in message ? message.state : undefined
  }

  forget(id: string): void {
    for (const chat of this.list) chat.remove(id)
  }

  keepDraft(chat: Chat, draft: string): void {
    chat.draft = draft
    this.#notes.keepDraft(chat)
  }

  markRead(chat: Chat): void {
    const position = chat.unseenUpTo
    if (position === undefined) return
    chat.readUpTo = position
    this.#notes.keepReadUpTo(chat)
  }

  /** Another tab has noted something. */
  noted(name: string, text: string): void {
    this.#notes.apply(name, text, (address) => this.#byAddress.get(address))
  }

  async #loadPage(chat: Chat, page: { before?: string; limit: number }): Promise<void> {
    const messages = await this.#shared.calls.history(chat.address, page)
    chat.hasOlder = messages.length === page.limit
    if (messages.length > 0) chat.add(...messages)
  }
}
