import type { StoredMessage } from '../../store/messages.ts'
import { limits } from '../limits.ts'
import type { InboxBatch, InboxEvent } from './inbox-event.ts'

/** Why a feed ended. The transport turns it into a close code. */
export type FeedEnd = 'left' | 'replaced' | 'revoked' | 'stopped'

/** What one attached device is being told, on this server. At most `unackedWindow` messages are out at a time. */
export interface Feed {
  readonly deviceId: string
  readonly clientId: string
  readonly attachmentId: string
  /** What comes after this was delivered at once: the device was here when it was stored. */
  readonly latestAtOpen: bigint
  /** Where the next read begins, and how many messages the window has room for. */
  position(): { readonly after: bigint; readonly room: number }
  /** Takes what a read found after `from`, as far as it goes beyond where the feed stands by now. */
  pushMessages(from: bigint, messages: readonly StoredMessage[]): void
  /** Takes the message that comes next. False when it is not, or when the window is full: then it has to be read. */
  pushNext(message: StoredMessage): boolean
  push(event: InboxEvent): void
  /** Messages that were handed out and are covered by an acknowledgement up to `seq`. */
  covered(seq: bigint): readonly StoredMessage[]
  /** Drops them from the window. */
  release(seq: bigint): void
  /** Puts them back: the acknowledgement did not reach the database. */
  restore(messages: readonly StoredMessage[]): void
  end(reason: FeedEnd): void
  readonly batches: AsyncIterableIterator<InboxBatch>
}

export function createFeed(options: {
  readonly deviceId: string
  readonly clientId: string
  readonly attachmentId: string
  readonly after: bigint
  /** The newest message when it was opened. */
  readonly latest: bigint
  now(): number
  /** Called once, when nobody reads the feed any more. */
  onEnd(reason: FeedEnd): void
}): Feed {
  let after = options.after
  let queue: InboxEvent[] = []
  let unacked: StoredMessage[] = []
  let wake: (() => void) | null = null
  let ended = false

  function end(reason: FeedEnd): void {
    if (ended) return
    ended = true
    queue = []
    unacked = []
    wake?.()
    options.onEnd(reason)
  }

  /** No message leaves after its time, however long it waited behind a slow socket. */
  function takeLiving(): InboxEvent[] {
    const now = options.now()
    const isDead = (message: StoredMessage) => message.expiresAt.getTime() <= now
    const events = queue.filter((event) => event.kind !== 'message' || !isDead(event.message))
    if (events.length < queue.length) unacked = unacked.filter((message) => !isDead(message))
    queue = []
    return events
  }

  async function next(): Promise<IteratorResult<InboxBatch>> {
    while (!ended) {
      const events = takeLiving()
      if (events.length > 0)
        return { done: false, value: { events, serverTime: new Date(options.now()) } }
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      wake = null
    }
    return { done: true, value: undefined }
  }

  // Not a generator: one that was never read does not run its `finally`, and the feed would stay for ever.
  const batches: AsyncIterableIterator<InboxBatch> = {
    next,
    return: async () => {
      end('left')
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => batches,
  }

  function add(events: readonly InboxEvent[]): void {
    if (ended) return
    queue.push(...events)
    wake?.()
  }

  function take(messages: readonly StoredMessage[]): void {
    const last = messages.at(-1)
    if (ended || last === undefined) return
    after = last.seq
    unacked.push(...messages)
    add(messages.map((message) => ({ kind: 'message', message })))
  }

  return {
    deviceId: options.deviceId,
    clientId: options.clientId,
    attachmentId: options.attachmentId,
    latestAtOpen: options.latest,
    position: () => ({ after, room: ended ? 0 : limits.unackedWindow - unacked.length }),
    pushMessages(from, messages) {
      if (from <= after) take(messages.filter(({ seq }) => seq > after))
    },
    pushNext(message) {
      if (ended || message.seq !== after + 1n || unacked.length >= limits.unackedWindow)
        return false
      take([message])
      return true
    },
    push: (event) => add([event]),
    covered: (seq) => unacked.filter((message) => message.seq <= seq),
    release(seq) {
      unacked = unacked.filter((message) => message.seq > seq)
    },
    restore(messages) {
      if (!ended) unacked = [...messages, ...unacked]
    },
    end,
    batches,
  }
}
