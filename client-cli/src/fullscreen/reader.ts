import type { ChatClient } from '../client.ts'
import type { Conversation } from './model/conversation.ts'
import { canReadOlder, listed, opened } from './model/conversations.ts'
import { pageRead } from './model/messages.ts'
import { groupKnown, personKnown } from './model/people.ts'
import { openConversation, timelineOf, withTimeline } from './model/state.ts'
import type { ScreenStore } from './screen-store.ts'

const pageSize = 100
/** Of conversations that are not open: enough to know what waits in them. */
const tailSize = 20
const mostTails = 30

/** Fetches what the screen shows: from the disk of this device, and about people from a server. */
export class Reader {
  readonly #client: ChatClient
  readonly #store: ScreenStore
  readonly #onOpened: () => void

  constructor(client: ChatClient, store: ScreenStore, onOpened: () => void) {
    this.#client = client
    this.#store = store
    this.#onOpened = onOpened
  }

  /** The list, then the newest conversation, then what waits in the others. */
  async start(): Promise<void> {
    const all = await this.#client.conversations()
    this.#store.set((state) => listed(state, all))
    await this.learnGroups()
    const [newest, ...others] = this.#store.state.conversations
    if (newest === undefined) return
    if (openConversation(this.#store.state) === undefined) await this.open(newest)
    for (const conversation of others.slice(0, mostTails)) {
      await this.#read(conversation, tailSize)
    }
  }

  async open(conversation: Conversation): Promise<void> {
    if (conversation.key !== this.#store.state.open) {
      this.#store.set((state) => opened(state, conversation))
      this.#onOpened()
    }
    await Promise.all([this.#readOnce(conversation), this.learnPerson(conversation)])
  }

  /** Groups get their names, and new ones their place. */
  async list(): Promise<void> {
    const all = await this.#client.conversations()
    this.#store.set((state) => listed(state, all))
  }

  /** The page before the first message on the screen, if the device holds one. */
  async readOlder(): Promise<void> {
    const conversation = openConversation(this.#store.state)
    if (conversation === undefined || !canReadOlder(this.#store.state)) return
    await this.#read(conversation, pageSize)
  }

  async learnPerson({ kind, target }: Conversation): Promise<void> {
    if (kind !== 'direct') return
    // Nobody waits for this: without a server the line just says less.
    const person = await this.#client.lookUp(target).catch(() => null)
    if (person === null) return
    const { username, isOnline, isVerified, hasNewKey } = person
    this.#store.set((state) => personKnown(state, username, { isOnline, isVerified, hasNewKey }))
  }

  async learnGroups(): Promise<void> {
    const groups = await this.#client.groups.list()
    this.#store.set((state) => groups.reduce(groupKnown, state))
  }

  async learnPing(): Promise<void> {
    const { heard } = this.#store.state
    if (heard.kind !== 'connected') return
    const servers = await this.#client.servers().catch(() => [])
    const pingMs = servers.find(({ id }) => id === heard.serverId)?.pingMs ?? undefined
    this.#store.set((state) => (state.pingMs === pingMs ? state : { ...state, pingMs }))
  }

  async #readOnce(conversation: Conversation): Promise<void> {
    const { older, entries } = timelineOf(this.#store.state, conversation.key)
    const isTail = older === 'some' && entries.length < pageSize
    if (older === 'unknown' || isTail) await this.#read(conversation, pageSize)
  }

  async #read({ key, target }: Conversation, limit: number): Promise<void> {
    const { older, entries } = timelineOf(this.#store.state, key)
    if (older === 'reading' || older === 'none') return
    const first = entries.find((entry) => entry.kind === 'message')
    // What came while this page was not read yet is in it as well.
    const before = older === 'unknown' ? undefined : first?.message.position
    this.#store.set((state) =>
      withTimeline(state, key, (timeline) => ({ ...timeline, older: 'reading' })),
    )
    const messages = await this.#client.history(target, {
      limit,
      ...(before !== undefined && { before }),
    })
    const isWhole = messages.length < limit
    this.#store.set((state) => pageRead(state, key, { messages, isWhole }))
  }
}
