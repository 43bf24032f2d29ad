import type {
  ChatEvents,
  ChatMessage,
  ConnectionState,
  FileToSend,
  GroupMember,
} from '@fastchat/client-core'
import { createContext } from 'svelte'
import type { SharedClient } from '#lib/tabs/shared-client.ts'
import { stateWords } from '#lib/text/state-words.ts'
import { tameLine } from '#lib/text/tame-text.ts'
import { Announcer } from './announcer.svelte.ts'
import type { Chat } from './chat.svelte.ts'
import { Chats } from './chats.svelte.ts'
import { ServerTime } from './clock.svelte.ts'
import { ConnectionLine } from './connection.svelte.ts'
import { Groups } from './groups.svelte.ts'
import { isFromOthers } from './message-place.ts'
import { People } from './people.svelte.ts'
import type { Route } from './route.svelte.ts'
import { SealedCopies } from './sealed-copies.svelte.ts'
import { summaryOf } from './summary.ts'
import { Transfers } from './transfers.svelte.ts'
import { wordsOf } from './words-of.ts'

/** Key look-ups are counted by the servers: a window open all day must not use them up. */
const presenceEveryMs = 20_000
const leastBetweenLooksMs = 5000

const readsOut = ['stored', 'delivered', 'partly-delivered', 'expired', 'failed', 'held']

/** Everything that is on the screen while somebody is signed in. */
export class Session {
  readonly shared: SharedClient
  readonly me: string
  readonly chats: Chats
  readonly people: People
  readonly groups: Groups
  readonly transfers: Transfers
  readonly sealed: SealedCopies
  readonly connection: ConnectionLine
  readonly time: ServerTime
  readonly announcer = new Announcer()
  /** The conversation on the screen. */
  open = $state.raw<Chat>()
  /** Something the person should know about, until it is put away. */
  notice = $state<string>()
  readonly #stops: (() => void)[]
  #lookedAtMs = 0

  constructor(shared: SharedClient, me: string, route: Route) {
    this.shared = shared
    this.me = me
    this.chats = new Chats(shared)
    this.people = new People(shared)
    this.groups = new Groups(shared)
    this.transfers = new Transfers(shared)
    this.sealed = new SealedCopies(shared)
    this.time = new ServerTime(() => shared.serverNowMs)
    this.connection = new ConnectionLine(async (id) => {
      const servers = await shared.calls.servers()
      return servers.find((server) => server.id === id)?.pingMs ?? undefined
    })
    this.connection.update(shared.status.connection)
    this.#stops = [
      route.watch((address) => {
        this.open = address === undefined ? undefined : this.chats.of(address)
      }),
      shared.onStatus(({ connection }) => this.#connectionChanged(connection)),
      shared.on('message', (message) => this.#arrived(message)),
      shared.on('delivery', (news) => this.#cameFurther(news)),
      shared.on('sent', ({ message, instead }) => {
        if (instead !== undefined) this.chats.forget(instead)
        this.chats.receive(message)
      }),
      shared.on('noted', ({ name, text }) => this.chats.noted(name, text)),
      shared.on('file', (message) => this.chats.receive(message)),
      shared.on('group', (group) => {
        this.groups.put(group)
        // Whoever came with it has a key now, and so a picture.
        const isKnown = ({ username }: GroupMember) => this.people.known(username) !== undefined
        if (!group.members.every(isKnown)) this.#reloadPeople()
      }),
      shared.on('group-alarm', () => this.#reloadGroups()),
      shared.on('key-changed', () => this.#reloadPeople()),
      shared.on('people-changed', () => this.#reloadPeople()),
      shared.on('missed', ({ count }) => {
        this.notice = missedWords(count)
      }),
    ]
    this.load()
  }

  /** Also when the client has moved to another tab: what was told in between was not heard. */
  load(): void {
    Promise.all([this.people.load(), this.groups.load(), this.chats.load()]).catch(
      (error: unknown) => {
        this.notice = `Your conversations cannot be shown: ${wordsOf(error)}`
      },
    )
  }

  async send(chat: Chat, text: string): Promise<void> {
    const message = await this.shared.calls.send(chat.address, text)
    this.shared.emit('sent', { message })
  }

  async sendFile(chat: Chat, file: FileToSend): Promise<void> {
    const message = await this.shared.calls.sendFile(chat.address, file)
    this.shared.emit('sent', { message })
  }

  async sendAgain(id: string): Promise<void> {
    try {
      const message = await this.shared.calls.sendAgain(id)
      this.shared.emit('sent', { message, instead: id })
    } catch (error) {
      this.notice = wordsOf(error)
    }
  }

  /** Tries at once instead of waiting, or here instead of where the client runs now. */
  reconnect(): void {
    this.shared.calls.reconnect().catch((error: unknown) => {
      this.notice = wordsOf(error)
    })
  }

  /** Asks who is there, now and then, until the returned function is called. */
  watchPerson(chat: Chat): () => void {
    if (chat.isGroup || chat.isLocal) return () => undefined
    const ask = () => {
      if (!document.hidden) this.people.ask(chat.address).catch(() => undefined)
    }
    ask()
    const timer = setInterval(ask, presenceEveryMs)
    return () => clearInterval(timer)
  }

  /** What a conversation is called. */
  titleOf(address: string): string {
    if (address.startsWith('local:')) return 'Unreadable messages'
    return address.startsWith('group:') ? (this.groups.nameOf(address) ?? 'Group') : address
  }

  close(): void {
    for (const stop of this.#stops) stop()
    this.connection.close()
  }

  #arrived(message: ChatMessage): void {
    const chat = this.chats.receive(message)
    if (!isFromOthers(message)) return
    this.#maybeBack(chat)
    const title = this.titleOf(chat.address)
    this.announcer.arrived(title, `${title}: ${summaryOf(message, this.me)}`)
    if ('from' in message && this.people.known(message.from) === undefined) {
      this.#reloadPeople()
    }
  }

  /** Whoever writes is hardly offline; asked at once, but not for each of many that waited. */
  #maybeBack(chat: Chat): void {
    if (this.open !== chat || this.people.asked(chat.address)?.isOnline !== false) return
    if (Date.now() - this.#lookedAtMs < leastBetweenLooksMs) return
    this.#lookedAtMs = Date.now()
    this.people.ask(chat.address).catch(() => undefined)
  }

  #cameFurther(news: ChatEvents['delivery']): void {
    const { id, state, position } = news
    this.sealed.follow(news)
    const chat = this.chats.advance(id, state, position)
    if (chat === undefined || !readsOut.includes(state.kind)) return
    const to = this.titleOf(chat.address)
    const nowMs = this.shared.serverNowMs
    const { words } = stateWords(state, { to, isGroup: chat.isGroup, nowMs, isConnected: true })
    this.announcer.say(`Message to ${tameLine(to)}: ${words}`)
  }

  #connectionChanged(state: ConnectionState): void {
    const wasLive = this.connection.isLive
    this.connection.update(state)
    if (wasLive !== this.connection.isLive) {
      this.announcer.say(this.connection.isLive ? 'Connected' : 'Connection lost')
    }
  }

  #reloadPeople(): void {
    this.people.load().catch(() => undefined)
  }

  #reloadGroups(): void {
    this.groups.load().catch(() => undefined)
  }
}

function missedWords(count: number): string {
  return count === 1
    ? 'One message for this browser expired before it could be fetched.'
    : `${count} messages for this browser expired before they could be fetched.`
}

export const [getSession, setSession] = createContext<Session>()
