import type { Bus, Note, NotedCopy, NotedMessage } from '../../bus/bus.ts'
import { errorFields, type Log } from '../../observability/log.ts'
import type { AckedMessage } from '../../store/mailboxes.ts'
import type { StoredMessage } from '../../store/messages.ts'
import type { Store } from '../../store/store.ts'
import type { ServerIdentity } from '../deps.ts'
import { type AttachChallenges, createAttachChallenges } from './attach-challenges.ts'
import { createFeed, type Feed, type FeedEnd } from './feed.ts'
import { createMailboxReader } from './mailbox-reader.ts'
import { createOutcomeWatch, type OutcomeWatch } from './outcome-watch.ts'
import { outcomesOf } from './outcomes-of.ts'
import { repeat } from './repeat.ts'
import { startSweeping } from './sweeping.ts'

/**
 * What this server delivers now: a feed for each attached device, fed by doorbells, by the devices' own acknowledgements
 * and by a look at every mailbox each second, which finds what a lost doorbell did not say.
 */
export interface Deliveries {
  readonly challenges: AttachChallenges
  readonly watch: OutcomeWatch
  readonly counters: DeliveryCounters
  start(): void
  stop(): Promise<void>
  /** Begins a feed; an older one of the device on this server ends as replaced. */
  openFeed(options: {
    readonly deviceId: string
    readonly clientId: string
    readonly attachmentId: string
    readonly after: bigint
    readonly latest: bigint
    onEnd(reason: FeedEnd): void
  }): Feed
  findFeed(deviceId: string): Feed | undefined
  /** Tells a server something, this one directly. */
  notify(serverId: number, note: Note): void
  /** Looks into a mailbox of this server now. */
  wake(deviceId: string): void
  /** A recipient acknowledged these, in time or not: tells their senders. */
  announceOutcomes(deviceId: string, messages: readonly AckedMessage[], at: Date): void
  /** Tells every attached device to move to another server, and from now on every one that comes. */
  announceDrain(retryAfterMs: number): void
  /** Devices may stay again. */
  endDrain(): void
  /** The database's clock. */
  now(): number
}

/** Counted since the start of this server. */
export interface DeliveryCounters {
  accepted: number
  /** Acknowledged, and the recipient was there when it was accepted. */
  deliveredAtOnce: number
  /** Acknowledged, having waited for the recipient to come. */
  deliveredFromStore: number
  expired: number
}

export function createDeliveries(options: {
  readonly store: Store
  readonly bus: Bus
  readonly log: Log
  readonly server: ServerIdentity
  readonly secret: Uint8Array
}): Deliveries {
  const { store, bus, log, server } = options
  const feeds = new Map<string, Feed>()
  const counters: DeliveryCounters = {
    ...{ accepted: 0, deliveredAtOnce: 0, deliveredFromStore: 0, expired: 0 },
  }
  const now = () => store.clock.now()
  const findFeed = (deviceId: string) => feeds.get(deviceId)
  const reader = createMailboxReader({ messages: store.messages, log, findFeed })
  const challenges = createAttachChallenges({ secret: options.secret, serverId: server.id, now })
  const watch = createOutcomeWatch({ messages: store.messages, now, tell: tellSender })
  const tasks: { stop(): Promise<void> }[] = []
  let stopListening = () => {}
  let isDraining = false

  function tellSender(
    senderDeviceId: string,
    messageId: string,
    deviceId: string,
    state: 'DELIVERED' | 'EXPIRED',
    at = new Date(now()),
  ): void {
    const feed = feeds.get(senderDeviceId)
    // Not open yet, or gone: it stays watched, and the next check tells.
    if (feed === undefined || !watch.settle(senderDeviceId, messageId, deviceId)) return
    feed.push({ kind: 'delivery', messageId, deviceId, state, at })
  }

  function hear(note: Note): void {
    switch (note.kind) {
      case 'mailbox':
        reader.wake(note.deviceId)
        break
      case 'message': {
        for (const copy of note.message.copies)
          if (feeds.get(copy.deviceId)?.pushNext(storedMessage(note.message, copy)) !== true)
            reader.wake(copy.deviceId)
        break
      }
      case 'outcomes': {
        const { senderDeviceId, deviceId, state } = note
        const at = new Date(note.at)
        for (const messageId of note.messageIds)
          tellSender(senderDeviceId, messageId, deviceId, state, at)
        break
      }
      case 'attachment': {
        const feed = feeds.get(note.deviceId)
        if (feed !== undefined && feed.attachmentId !== note.attachmentId) feed.end('replaced')
        break
      }
      case 'devices': {
        const { username, version } = note
        for (const feed of feeds.values())
          if (feed.clientId === note.clientId) feed.push({ kind: 'devices', username, version })
        break
      }
      case 'group': {
        const { groupId, version } = note
        const concerned = new Set(note.clientIds)
        for (const feed of feeds.values())
          if (concerned.has(feed.clientId)) feed.push({ kind: 'group', groupId, version })
        break
      }
      case 'session-revoked':
        break // The transport closes the socket, which ends the feed.
    }
  }

  /** The look that makes every doorbell dispensable. */
  async function lookIntoMailboxes(): Promise<void> {
    if (feeds.size === 0) return
    for (const state of await store.mailboxes.listStates([...feeds.keys()])) {
      const feed = feeds.get(state.deviceId)
      if (feed === undefined) continue
      if (state.attachmentId !== feed.attachmentId) feed.end('replaced')
      else if (state.latestSeq > feed.position().after) reader.wake(state.deviceId)
    }
  }

  const notify = (serverId: number, note: Note) =>
    serverId === server.id ? hear(note) : bus.send(serverId, note)

  return {
    challenges,
    watch,
    counters,
    now,
    findFeed,
    notify,
    wake: reader.wake,
    start() {
      const failed = (event: string) => (error: unknown) => log.warn(event, errorFields(error))
      stopListening = bus.listen(hear)
      tasks.push(
        repeat(1000, lookIntoMailboxes, failed('mailbox-look-failed')),
        repeat(2000, watch.check, failed('outcome-check-failed')),
        repeat(5000, () => store.clock.synchronize(), failed('clock-unavailable')),
        startSweeping({ store, log, messageTtlMs: server.messageTtlMs, counters, notify }),
      )
    },
    async stop() {
      stopListening()
      for (const feed of [...feeds.values()]) feed.end('stopped')
      await Promise.all(tasks.map((task) => task.stop()))
    },
    openFeed({ onEnd, ...position }) {
      feeds.get(position.deviceId)?.end('replaced')
      const feed = createFeed({
        ...position,
        now,
        onEnd(reason) {
          if (feeds.get(position.deviceId) === feed) feeds.delete(position.deviceId)
          onEnd(reason)
        },
      })
      feeds.set(position.deviceId, feed)
      if (isDraining) feed.push({ kind: 'draining', retryAfterMs: 0 })
      reader.wake(position.deviceId)
      return feed
    },
    announceOutcomes(deviceId, messages, at) {
      for (const message of messages)
        if (!message.expired) counters[message.atOnce ? 'deliveredAtOnce' : 'deliveredFromStore']++
        // What the sweeper wrote down, it has counted.
        else if (!message.wasWritten) counters.expired++
      for (const { senderServer, ...told } of outcomesOf(messages))
        notify(senderServer, { kind: 'outcomes', ...told, deviceId, at: at.getTime() })
    },
    announceDrain(retryAfterMs) {
      isDraining = true
      for (const feed of feeds.values()) feed.push({ kind: 'draining', retryAfterMs })
    },
    endDrain() {
      isDraining = false
    },
  }
}

/** Field by field: spreading two objects takes V8 several microseconds, and this is done for every message. */
function storedMessage(message: NotedMessage, copy: NotedCopy): StoredMessage {
  return {
    deviceId: copy.deviceId,
    seq: copy.seq,
    senderDeviceId: message.senderDeviceId,
    senderServer: message.senderServer,
    messageId: message.messageId,
    acceptedAt: message.acceptedAt,
    expiresAt: message.expiresAt,
    size: message.envelope.length + copy.wrappedKey.length,
    envelope: message.envelope,
    wrappedKey: copy.wrappedKey,
  }
}
