import type { ChatMessage, SendState } from '@fastchat/client-core'
import { lifetimeOf } from './lifetime.ts'
import { isNews, isSentHere, withMessages } from './message-place.ts'

const unsent: readonly SendState['kind'][] = ['queued', 'encrypting', 'uploading', 'sending']

/** A message that counts down. */
export interface Waiting {
  readonly expiresAtMs: number
  readonly lifetimeMs: number
}

function waitingIn(message: ChatMessage): readonly Waiting[] {
  if (!('state' in message) || message.state?.kind !== 'stored') return []
  const { expiresAtMs } = message.state
  return [{ expiresAtMs, lifetimeMs: lifetimeOf(expiresAtMs, message.sentAtMs) }]
}

/** One conversation as this tab knows it: the newest part of it, and what is remembered about it. */
export class Chat {
  /** A username, or `group:` and an id: what a message is sent to. */
  readonly address: string
  messages = $state.raw<readonly ChatMessage[]>([])
  /** There may be older messages that are not loaded yet. */
  hasOlder = $state(true)
  /** The position up to which the person has seen what others wrote. */
  readUpTo = $state('')
  draft = $state('')
  /** Where "new" began when the conversation was opened. */
  newFrom = $state('')
  lastAtMs = $state(0)

  readonly last = $derived(this.messages.at(-1))
  readonly unread = $derived(
    this.messages.filter((message) => isNews(message) && message.position > this.readUpTo).length,
  )
  /** What lies at the servers now and is deleted unless somebody fetches it; the first to go first. */
  readonly waiting = $derived(
    this.messages.flatMap(waitingIn).sort((one, other) => one.expiresAtMs - other.expiresAtMs),
  )
  /** What no server has accepted yet. */
  readonly queued = $derived(
    this.messages.filter(
      (message) => 'state' in message && unsent.includes(message.state?.kind ?? 'delivered'),
    ).length,
  )

  constructor(address: string) {
    this.address = address
  }

  get isGroup(): boolean {
    return this.address.startsWith('group:')
  }

  /** Nothing can be written where messages are shown that could not be read. */
  get isLocal(): boolean {
    return this.address.startsWith('local:')
  }

  add(...messages: readonly ChatMessage[]): void {
    this.messages = withMessages(this.messages, messages)
    this.lastAtMs = Math.max(this.lastAtMs, ...messages.map((message) => message.sentAtMs))
  }

  /** Returns false if no message of this id was sent from here in this conversation. */
  advance(id: string, state: SendState, position: string): boolean {
    const message = this.#own(id)
    if (message === undefined) return false
    this.add({ ...message, state, position } as ChatMessage)
    return true
  }

  remove(id: string): void {
    this.messages = this.messages.filter((message) => !isSentHere(message) || message.id !== id)
  }

  /** The position up to which there is something to have seen, or nothing if all was seen. */
  get unseenUpTo(): string | undefined {
    const position = this.messages.findLast(isNews)?.position ?? ''
    return position > this.readUpTo ? position : undefined
  }

  #own(id: string): ChatMessage | undefined {
    return this.messages.findLast((message) => message.id === id && isSentHere(message))
  }
}
