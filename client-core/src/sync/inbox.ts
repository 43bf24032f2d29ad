import type { InboxBatch, InboxEvent, Link, MessageArrived } from '../api/chat-api.ts'
import type { Plaintext, Username } from '../brands.ts'
import { noBytes } from '../crypto/bytes.ts'
import { directPair } from '../crypto/conversation.ts'
import {
  type MessageProtocol,
  type OpenedMessage,
  UndecryptableError,
} from '../crypto/message-protocol.ts'
import { admitMessage, emptyReplayTable } from '../crypto/replay-table.ts'
import { ChatError } from '../errors.ts'
import { Acknowledger } from './acknowledger.ts'
import { backoffMs } from './backoff.ts'
import type { Clock, Random } from './clock.ts'
import type { Directory } from './directory.ts'
import type { Downloads } from './downloads.ts'
import type { GroupBook } from './groups/group-book.ts'
import { isAmongMembers } from './groups/is-among-members.ts'
import type { RecordStore, Transaction } from './record-store.ts'
import type { MessageRecord } from './records.ts'
import type { Me } from './seal-attempt.ts'
import type { ServerClock } from './server-clock.ts'
import { type Timeline, unreadableConversation } from './timeline.ts'

export interface InboxPorts {
  readonly store: RecordStore
  readonly timeline: Timeline
  readonly directory: Directory
  readonly groups: GroupBook
  readonly downloads: Downloads
  readonly protocol: MessageProtocol
  readonly clock: Clock
  readonly random: Random
  readonly serverClock: ServerClock
  readonly me: Me
  readonly onMessage: (message: MessageRecord) => void
  /** Messages that came too late to be shown. */
  readonly onMissed: (count: number) => void
  readonly onNews: (news: Exclude<InboxEvent, MessageArrived>) => void
  readonly onBroken: (error: unknown) => void
}

interface Arrival {
  readonly arrived: MessageArrived
  /** On this device's monotonic clock. */
  readonly deadlineMs: number
}

type Judged =
  | { readonly kind: 'readable'; readonly arrived: MessageArrived; readonly opened: OpenedMessage }
  | { readonly kind: 'unreadable'; readonly arrived: MessageArrived }
  | { readonly kind: 'expired'; readonly arrived: MessageArrived }

/**
 * Reads the mailbox over one link: verify and decrypt, then store message, replay table and cursor
 * in one commit, and only then acknowledge. A crash at any point leads to a second delivery, which
 * the replay table recognises, and never to a loss.
 */
export class InboxReader {
  readonly #ports: InboxPorts
  #last: Promise<void> = Promise.resolve()
  #isClosed = false
  readonly #acknowledger: Acknowledger
  #endPause: () => void = () => undefined

  constructor(ports: InboxPorts, link: Link, attachmentId: string) {
    this.#ports = ports
    this.#acknowledger = new Acknowledger({
      clock: ports.clock,
      acknowledge: (upTo) => link.operations.acknowledge({ attachmentId, upTo }),
      // A mailbox read elsewhere or a dead link needs a new attachment.
      onFailed: () => link.close(),
    })
    link.watchInbox(attachmentId, (batch) => this.#receive(batch))
  }

  /** What is not stored yet is dropped: the next link delivers it again. */
  close(): void {
    this.#isClosed = true
    this.#acknowledger.close()
    this.#endPause()
  }

  /** Acknowledges what is stored; without it a sender would be told that it expired. */
  flush(): Promise<void> {
    return this.#acknowledger.flush()
  }

  #receive({ serverTimeMs, events }: InboxBatch): void {
    const { clock, serverClock, onNews } = this.#ports
    serverClock.observe(serverTimeMs)
    const receivedMs = clock.monotonicMs()
    const arrivals: Arrival[] = []
    for (const event of events) {
      if (event.kind !== 'message-arrived') onNews(event)
      else {
        const deadlineMs = receivedMs + event.expiresAtMs - serverTimeMs
        arrivals.push({ arrived: event, deadlineMs })
      }
    }
    if (arrivals.length === 0) return
    this.#last = this.#last
      .then(() => this.#take(arrivals))
      .catch((error: unknown) => {
        if (!this.#isClosed) this.#ports.onBroken(error)
        this.close()
      })
  }

  async #take(arrivals: readonly Arrival[]): Promise<void> {
    const judged = await this.#judgeAll(arrivals)
    if (judged === undefined || this.#isClosed) return
    const { store, downloads, onMessage, onMissed } = this.#ports
    const messages = await store.update((transaction) => this.#storeAll(transaction, judged))
    // Only now, after the commit: an acknowledgement before it would be a promise without a disk.
    const cursor = judged.at(-1)?.arrived.cursor
    if (cursor !== undefined) this.#acknowledger.stored(cursor)
    for (const message of messages) onMessage(message)
    if (messages.some(({ kind }) => kind === 'file')) downloads.wake()
    const expired = judged.filter(({ kind }) => kind === 'expired').length
    if (expired > 0) onMissed(expired)
  }

  /** Tries for as long as the link lives: no network is no reason to call a message unreadable. */
  async #judgeAll(arrivals: readonly Arrival[]): Promise<readonly Judged[] | undefined> {
    for (let attempt = 0; !this.#isClosed; attempt++) {
      try {
        return await Promise.all(arrivals.map((arrival) => this.#judge(arrival)))
      } catch (error) {
        if (!(error instanceof ChatError)) throw error
        await this.#pause(backoffMs(attempt, this.#ports.random()))
      }
    }
    return undefined
  }

  /** Ends early when the reader is closed, so that no timer outlives a client. */
  #pause(delayMs: number): Promise<void> {
    if (this.#isClosed) return Promise.resolve()
    return new Promise((resolve) => {
      const stopTimer = this.#ports.clock.after(delayMs, resolve)
      this.#endPause = () => {
        stopTimer()
        resolve()
      }
    })
  }

  async #judge({ arrived, deadlineMs }: Arrival): Promise<Judged> {
    const { protocol, me, directory, clock } = this.#ports
    if (clock.monotonicMs() >= deadlineMs) return { kind: 'expired', arrived }
    try {
      const opened = await protocol.open({
        envelope: arrived.envelope,
        wrap: arrived.wrappedKey,
        me,
        lookUpSender: (user, deviceId) => directory.lookUpSender(user, deviceId),
      })
      const isAsClaimed =
        opened.header.messageId === arrived.clientMessageId &&
        opened.senderDevice === arrived.senderDeviceId
      const isReadable = isAsClaimed && (await isAmongMembers(this.#ports, opened.header, arrived))
      return isReadable ? { kind: 'readable', arrived, opened } : { kind: 'unreadable', arrived }
    } catch (error) {
      if (error instanceof UndecryptableError) return { kind: 'unreadable', arrived }
      throw error
    }
  }

  async #storeAll(
    transaction: Transaction,
    judged: readonly Judged[],
  ): Promise<readonly MessageRecord[]> {
    const stored: MessageRecord[] = []
    for (const one of judged) {
      const message = await this.#store(transaction, one)
      if (message !== undefined) stored.push(message)
    }
    const cursor = judged.at(-1)?.arrived.cursor
    if (cursor !== undefined) transaction.put('cursor', { name: '' }, { cursor })
    return stored
  }

  async #store(transaction: Transaction, judged: Judged): Promise<MessageRecord | undefined> {
    switch (judged.kind) {
      case 'expired':
        return undefined
      case 'unreadable':
        return this.#storeUnreadable(transaction, judged.arrived)
      case 'readable':
        return this.#storeReadable(transaction, judged)
    }
  }

  async #storeReadable(
    transaction: Transaction,
    { arrived, opened }: Extract<Judged, { kind: 'readable' }>,
  ): Promise<MessageRecord | undefined> {
    const { header, headerHash, content, senderUser, senderDevice } = opened
    const { conversation, messageId, prevHash } = header
    const table = (await transaction.get('replay', { name: senderDevice })) ?? emptyReplayTable
    const admission = admitMessage(table, { conversation, messageId, prevHash, headerHash })
    if (admission.kind === 'replayed') return undefined
    transaction.put('replay', { name: senderDevice }, admission.table)
    const peer = this.#peerOf(conversation)
    const message = await this.#ports.timeline.append(transaction, {
      kind: header.kind,
      id: messageId,
      conversation,
      ...(peer !== undefined && { peer }),
      from: senderUser,
      fromDevice: senderDevice,
      content: content as Plaintext,
      sentAtMs: header.sentAt,
      acceptedAtMs: arrived.acceptedAtMs,
      isMissingBefore: admission.place === 'gap',
      isLate: admission.place === 'late',
      ...(header.kind === 'file' && { file: 'waiting' }),
    })
    if (header.kind === 'file') {
      await this.#ports.downloads.expect(transaction, message, arrived.expiresAtMs)
    }
    return message
  }

  /** Shown, so that the person knows something was lost; without a sender, who is not proven. */
  async #storeUnreadable(
    transaction: Transaction,
    { clientMessageId, senderDeviceId, acceptedAtMs }: MessageArrived,
  ): Promise<MessageRecord | undefined> {
    const { timeline } = this.#ports
    const origin = { id: clientMessageId, fromDevice: senderDeviceId }
    if (await timeline.has(transaction, origin)) return undefined
    return timeline.append(transaction, {
      kind: 'unreadable',
      ...origin,
      conversation: unreadableConversation,
      content: noBytes,
      sentAtMs: acceptedAtMs,
      acceptedAtMs,
      isMissingBefore: false,
      isLate: false,
    })
  }

  #peerOf(conversation: string): Username | undefined {
    return directPair(conversation)?.find((user) => user !== this.#ports.me.user)
  }
}
