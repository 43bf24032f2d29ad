import { connectionNews } from '../chat/connection-notice.ts'
import type { EarlyEvent } from '../chat/early-events.ts'
import { groupAlarmText } from '../chat/group-alarm-text.ts'
import { missedNotice } from '../chat/missed-notice.ts'
import type { ChatClient, GroupAlarmReason, Message, SendState } from '../client.ts'
import { explainState } from '../text/explain-state.ts'
import type { Marks } from '../text/marks.ts'
import { inBackground } from './in-background.ts'
import { directConversation, isMuted, lobby } from './model/conversation.ts'
import { ensureConversation, listed } from './model/conversations.ts'
import { arrived, cameFurther, fileChanged } from './model/messages.ts'
import { noticed } from './model/notices.ts'
import { groupKnown, personKnown } from './model/people.ts'
import type { ScreenState } from './model/state.ts'
import { openConversation, unreadCount } from './model/state.ts'
import type { Reader } from './reader.ts'
import type { ScreenStore } from './screen-store.ts'

const leastBetweenBellsMs = 2000

export interface NewsOptions {
  readonly client: ChatClient
  readonly store: ScreenStore
  readonly reader: Reader
  readonly marks: Marks
  readonly now: () => number
  readonly ring: () => void
}

/** What the client tells while nobody types. */
export class News {
  readonly #options: NewsOptions
  #rungAtMs = 0
  readonly #told: { readonly [E in EarlyEvent as E['name']]: (event: E['event']) => void } = {
    message: (message) => this.#arrived(message),
    missed: ({ count }) => this.#notice(missedNotice(count), 'waiting'),
    'key-changed': ({ username }) => this.#keyChanged(username),
    'group-alarm': ({ groupId, reason }) => this.#groupAlarm(groupId, reason),
  }

  constructor(options: NewsOptions) {
    this.#options = options
  }

  /** Returns a function that stops it. `early` happened before, and is told first. */
  listen(early: readonly EarlyEvent[]): () => void {
    const { client, store } = this.#options
    for (const { name, event } of early) (this.#told[name] as (event: unknown) => void)(event)
    const stops = [
      client.on('message', this.#told.message),
      client.on('missed', this.#told.missed),
      client.on('key-changed', this.#told['key-changed']),
      client.on('group-alarm', this.#told['group-alarm']),
      client.on('delivery', (news) => {
        store.set((state) => cameFurther(state, news))
        this.#explain(news.id, news.state)
      }),
      client.on('file', (message) => store.set((state) => fileChanged(state, message))),
      client.on('group', (group) => {
        const { conversation: id, name } = group
        store.set((state) => groupKnown(listed(state, [{ id, group: { id, name } }]), group))
      }),
      client.on('connection', () => this.connectionChanged()),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }

  connectionChanged(): void {
    const { client, store, marks, reader } = this.#options
    const before = store.state.heard
    const { heard, notice } = connectionNews(before, client.connection, marks)
    if (heard !== before) store.set((state) => ({ ...state, heard, pingMs: undefined }))
    // The first word is in the header already.
    if (notice !== undefined && before.kind !== 'nothing') this.#notice(notice)
    if (heard.kind !== 'connected' || heard === before) return
    inBackground(store, reader.learnPing())
    const open = openConversation(store.state)
    if (open !== undefined) inBackground(store, reader.learnPerson(open))
  }

  #arrived(message: Message): void {
    const { store } = this.#options
    const before = store.state
    store.set((state) => arrived(state, message))
    const isNewGroup = store.state.conversations.length > before.conversations.length
    if (isNewGroup && message.conversation.startsWith('group:'))
      inBackground(store, this.#options.reader.list())
    if (unreadCount(store.state) > unreadCount(before)) this.#ringFor(store.state, before)
    if (before.open === lobby && unreadCount(before) === 0 && unreadCount(store.state) > 0) {
      this.#notice('Somebody wrote to you. Alt+A opens what is unread.')
    }
  }

  /** Once for a flood of messages, and not for what the person does not want to hear. */
  #ringFor(after: ScreenState, before: ScreenState): void {
    const { now, ring } = this.#options
    const unreadBefore = new Map(before.conversations.map(({ key, unread }) => [key, unread]))
    const isWanted = after.conversations.some((conversation) => {
      const isNew = conversation.unread > (unreadBefore.get(conversation.key) ?? 0)
      return isNew && !isMuted(conversation, now())
    })
    if (!isWanted || now() - this.#rungAtMs < leastBetweenBellsMs) return
    this.#rungAtMs = now()
    ring()
  }

  #keyChanged(username: string): void {
    const { store } = this.#options
    const conversation = directConversation(username)
    store.set((state) =>
      personKnown(ensureConversation(state, conversation), username, { hasNewKey: true }),
    )
    const { key } = conversation
    this.#notice(
      `The key of ${username} changed. Nothing is sent to ${username} until you decide.`,
      'bad',
      key,
    )
    this.#notice(
      `Perhaps ${username} began afresh, perhaps somebody poses as ${username}. Ask another way, compare with /verify ${username}, then: /trust ${username}`,
      'bad',
      key,
    )
  }

  #groupAlarm(groupId: string, reason: GroupAlarmReason): void {
    const { store, reader } = this.#options
    inBackground(store, reader.learnGroups())
    const key = `group:${groupId}`
    const title = store.state.conversations.find((known) => known.key === key)?.title
    this.#notice(groupAlarmText(title ?? 'a group', reason), 'bad', key)
  }

  /** Where a mark and a word do not say what to do. */
  #explain(id: string, sendState: SendState): void {
    if (sendState.kind !== 'failed' && sendState.kind !== 'held') return
    const { store } = this.#options
    const place =
      store.state.pending.get(id) ?? store.state.retries.find((retry) => retry.id === id)
    if (place === undefined) return
    const { conversation: key } = place
    const conversation = store.state.conversations.find((known) => known.key === key)
    this.#notice(explainState(sendState, conversation?.title ?? 'them'), 'bad', key)
  }

  #notice(text: string, tone: 'quiet' | 'waiting' | 'bad' = 'quiet', conversation?: string): void {
    const { store, now } = this.#options
    const about = conversation === undefined ? {} : { conversation }
    store.set((state) => noticed(state, { atMs: now(), text, tone, ...about }))
  }
}
