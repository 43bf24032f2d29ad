import type { Link } from '../api/chat-api.ts'
import type { Bytes, Username } from '../brands.ts'
import { createMessageId } from '../crypto/ids.ts'
import type { MessageKind } from '../crypto/message-protocol.ts'
import { ChatError } from '../errors.ts'
import { askedDelayMs, backoffMs } from './backoff.ts'
import type { Transfer } from './chat-events.ts'
import type { Clock, Random } from './clock.ts'
import { decodeFile } from './file-content.ts'
import { forgetFile, keepFile } from './file-store.ts'
import { uploadFile } from './file-upload.ts'
import { Outcomes } from './outcomes.ts'
import type { RecordStore, Transaction } from './record-store.ts'
import type { MessageRecord, OutboxRecord, SealedAttempt } from './records.ts'
import { refreshRecipients } from './refresh-recipients.ts'
import { type Recovery, sendRecovery } from './send-recovery.ts'
import type { SendState } from './send-state.ts'
import { recipientsOf, type SealPorts, sealForAll, sendAttempt } from './send-step.ts'
import type { ServerClock } from './server-clock.ts'
import { pendingPosition } from './timeline.ts'

export interface OutboxPorts extends SealPorts {
  readonly store: RecordStore
  readonly clock: Clock
  readonly random: Random
  readonly serverClock: ServerClock
  /** The live link, if there is one. */
  readonly link: () => Link | undefined
  readonly onState: (messageId: string, state: SendState, position: string) => void
  readonly onTransfer: (transfer: Transfer) => void
  /** A record could not be written: nothing more can be promised. */
  readonly onBroken: (error: unknown) => void
}

export interface NewOutgoing {
  readonly conversation: string
  /** Absent in groups. */
  readonly peer?: Username
  readonly kind: MessageKind
  readonly content: Bytes
  /** Of its file, sealed. */
  readonly chunks?: readonly Bytes[]
  /** A message that this one takes the place of. */
  readonly instead?: MessageRecord
}

interface Queue {
  readonly messageIds: string[]
  isRunning: boolean
  /** Something came while it was running, which the run may not have seen. */
  isCalledAgain: boolean
  failures: number
  /** Those among them for which the message itself may be to blame. */
  refusals: number
  cancelWait: () => void
}

/** After so many unexplained refusals the message is at fault and not the server. */
const maxInternalErrors = 8

/**
 * Sends what people write: durable before anything leaves, in order within a conversation, and
 * under one id however often it has to be tried.
 */
export class Outbox {
  readonly #ports: OutboxPorts
  readonly #outcomes: Outcomes
  readonly #queues = new Map<string, Queue>()
  #isClosed = false

  constructor(ports: OutboxPorts) {
    this.#ports = ports
    this.#outcomes = new Outcomes(ports)
  }

  get outcomes(): Outcomes {
    return this.#outcomes
  }

  /** Takes up what an earlier run of this client left. */
  async load(): Promise<void> {
    for (const record of await this.#ports.store.list('outbox', { name: '' })) {
      if (record.expiresAtMs !== undefined) this.#outcomes.await(record)
      else this.#queue(record.conversation).messageIds.push(record.messageId)
    }
  }

  /** Resolves when the message is on disk; from then on it is not forgotten. */
  async add({ instead, chunks, ...message }: NewOutgoing): Promise<MessageRecord> {
    const { store, timeline, clock, me } = this.#ports
    const added = await store.update(async (transaction) => {
      if (instead !== undefined) {
        await timeline.remove(transaction, instead)
        await forgetFile(transaction, instead)
      }
      const messageId = await nextMessageId(transaction, clock)
      const record = { ...message, messageId, createdAtMs: clock.nowMs(), deliveries: [] }
      putRecord(transaction, record)
      if (chunks) await keepFile(transaction, { id: messageId, from: me.user }, chunks)
      return timeline.append(transaction, {
        kind: record.kind,
        id: messageId,
        conversation: record.conversation,
        ...(record.peer !== undefined && { peer: record.peer }),
        from: me.user,
        fromDevice: me.deviceId,
        content: record.content,
        sentAtMs: record.createdAtMs,
        isMissingBefore: false,
        isLate: false,
        state: { kind: 'queued' },
        ...(chunks && { file: 'ready' }),
      })
    })
    this.#queue(added.conversation).messageIds.push(added.id)
    this.#run(added.conversation)
    return added
  }

  /** A link is live: everything that waits is tried now, and outcomes are asked for. */
  wake(): void {
    for (const conversation of this.#queues.keys()) this.#tryNow(conversation)
    this.#outcomes.ask()
  }

  /** What the person has decided about a key may let held messages go. */
  async release(peer: Username): Promise<void> {
    const { store } = this.#ports
    const released = await store.update(async (transaction) => {
      const held = (await store.list('outbox', { name: '' })).filter(
        ({ heldBy, peer: one }) => heldBy !== undefined && (one === undefined || one === peer),
      )
      for (const { heldBy: _heldBy, ...record } of held) {
        putRecord(transaction, record)
        await this.#ports.timeline.setState(transaction, record.messageId, { kind: 'queued' })
      }
      return held
    })
    for (const { messageId, conversation } of released) {
      this.#ports.onState(messageId, { kind: 'queued' }, pendingPosition(messageId))
      this.#tryNow(conversation)
    }
  }

  close(): void {
    this.#isClosed = true
    this.#outcomes.close()
    for (const queue of this.#queues.values()) queue.cancelWait()
  }

  #queue(conversation: string): Queue {
    const known = this.#queues.get(conversation)
    if (known !== undefined) return known
    const queue = {
      messageIds: [],
      isRunning: false,
      isCalledAgain: false,
      failures: 0,
      refusals: 0,
      cancelWait: () => undefined,
    }
    this.#queues.set(conversation, queue)
    return queue
  }

  #tryNow(conversation: string): void {
    this.#queue(conversation).cancelWait()
    this.#run(conversation)
  }

  #run(conversation: string): void {
    const queue = this.#queue(conversation)
    if (queue.isRunning) {
      queue.isCalledAgain = true
      return
    }
    queue.isRunning = true
    queue.isCalledAgain = false
    this.#sendAll(queue)
      .catch((error: unknown) => {
        // Without a disk nothing is safe to send: the storage's owner is told, and all stays put.
        if (!this.#isClosed) this.#ports.onBroken(error)
      })
      .finally(() => {
        queue.isRunning = false
        if (queue.isCalledAgain) this.#run(conversation)
      })
  }

  /** One after the other, because each names the one before it and the order must hold. */
  async #sendAll(queue: Queue): Promise<void> {
    for (;;) {
      const [messageId] = queue.messageIds
      const link = this.#ports.link()
      if (messageId === undefined || link === undefined || this.#isClosed) return
      const record = await this.#ports.store.get('outbox', outboxKey(messageId))
      if (record?.heldBy !== undefined) return
      const step = record === undefined ? 'done' : await this.#step(record, link, queue)
      if (this.#isClosed || step === 'wait') return
      if (step === 'done') {
        queue.messageIds.shift()
        queue.failures = 0
        queue.refusals = 0
      }
    }
  }

  async #step(record: OutboxRecord, link: Link, queue: Queue): Promise<'done' | 'again' | 'wait'> {
    const isRepeated = record.attempt !== undefined
    let { attempt } = record
    try {
      attempt ??= await this.#prepare(record, link, queue)
      const accepted = await sendAttempt(link.operations, record, attempt)
      this.#ports.serverClock.observe(accepted.serverTimeMs)
      await this.#outcomes.accepted({ ...record, attempt }, accepted)
      return 'done'
    } catch (error) {
      if (!(error instanceof ChatError)) throw error
      if (isRepeated && (await this.#wasAccepted(record, error, link))) return 'done'
      // What is not there may be the upload, or this account in the group: both can be looked into.
      const isAbout = record.kind === 'file' || record.peer === undefined
      const isLost = isAbout && attempt !== undefined && error.code === 'NOT_FOUND'
      const recovery = isLost ? 'seal-again-once' : sendRecovery[error.code]
      return this.#recover(record, error, { queue, recovery })
    }
  }

  /**
   * A refusal of repeated bytes may come from a server that looked at the device lists before it
   * looked whether it has them: then they were accepted the first time, and that counts.
   */
  async #wasAccepted(
    { attempt, ...record }: OutboxRecord,
    error: ChatError,
    { operations }: Link,
  ): Promise<boolean> {
    if (attempt === undefined || sendRecovery[error.code] === 'same-again') return false
    const [known] = await operations.outcomes([record.messageId])
    if (known === undefined) return false
    // Messages live equally long, so the end tells the beginning.
    const acceptedAtMs = known.expiresAtMs - this.#ports.ttlMs()
    await this.#outcomes.accepted({ ...record, attempt }, { ...known, acceptedAtMs })
    return true
  }

  /** A file goes first, because a message is only accepted when its file is there. */
  async #prepare(record: OutboxRecord, link: Link, queue: Queue): Promise<SealedAttempt> {
    if (record.kind === 'file') await this.#upload(record, link, queue)
    return this.#seal(record)
  }

  async #upload(record: OutboxRecord, { operations }: Link, { failures }: Queue): Promise<void> {
    const { store, onState, onTransfer } = this.#ports
    const { messageId } = record
    // Before: for somebody who is not there, or whose key has changed, nothing is uploaded.
    await recipientsOf(this.#ports, record)
    const size = decodeFile(record.content)?.secret.size ?? 0
    // On the disk once, not with every step: it is a hint for whoever looks at the message.
    if (failures === 0) await this.#keep(record, { kind: 'uploading', done: 0, of: size })
    await uploadFile(
      {
        store,
        operations,
        onProgress: (done, of) => {
          onState(messageId, { kind: 'uploading', done, of }, pendingPosition(messageId))
          onTransfer({ id: messageId, direction: 'up', done, of })
        },
      },
      record,
    )
  }

  async #seal(record: OutboxRecord) {
    const { messageId } = record
    this.#ports.onState(messageId, { kind: 'encrypting' }, pendingPosition(messageId))
    const attempt = await sealForAll(this.#ports, record)
    await this.#keep({ ...record, attempt }, { kind: 'sending' })
    return attempt
  }

  async #recover(
    record: OutboxRecord,
    error: ChatError,
    { queue, recovery }: { readonly queue: Queue; readonly recovery: Recovery },
  ): Promise<'done' | 'again' | 'wait'> {
    queue.failures += 1
    if (recovery === 'seal-again-once' || error.code === 'INTERNAL') queue.refusals += 1
    switch (queue.refusals >= maxInternalErrors ? 'give-up' : recovery) {
      case 'same-again':
        this.#waitThenTry(record.conversation, error, queue)
        return 'wait'
      case 'seal-again':
        return this.#sealAgain(record, error, queue)
      case 'seal-again-once':
        if (queue.refusals < 2) return this.#sealAgain(record, error, queue)
        return this.#giveUp(record, error)
      case 'hold':
        await this.#keep(
          { ...record, heldBy: 'KEY_CHANGED' },
          { kind: 'held', reason: 'KEY_CHANGED' },
        )
        return 'wait'
      case 'give-up':
        return this.#giveUp(record, error)
    }
  }

  async #giveUp({ messageId }: OutboxRecord, { code }: ChatError): Promise<'done'> {
    await this.#outcomes.finish(messageId, { kind: 'failed', reason: code })
    return 'done'
  }

  async #sealAgain(
    { attempt: _refused, ...record }: OutboxRecord,
    error: ChatError,
    queue: Queue,
  ): Promise<'again' | 'wait'> {
    // First: a refusal stored nothing, so the refused bytes have no claim to be sent again.
    await this.#keep(record, { kind: 'queued' })
    try {
      await refreshRecipients(this.#ports, record, error)
    } catch (failure) {
      if (!(failure instanceof ChatError)) throw failure
      this.#waitThenTry(record.conversation, failure, queue)
      return 'wait'
    }
    if (queue.failures < 3) return 'again'
    // A server that calls the newest list old, again and again, must not be asked in a circle.
    this.#waitThenTry(record.conversation, error, queue)
    return 'wait'
  }

  async #keep(record: OutboxRecord, state: SendState): Promise<void> {
    const { store, timeline } = this.#ports
    await store.update(async (transaction) => {
      putRecord(transaction, record)
      await timeline.setState(transaction, record.messageId, state)
    })
    this.#ports.onState(record.messageId, state, pendingPosition(record.messageId))
  }

  #waitThenTry(conversation: string, { details }: ChatError, queue: Queue): void {
    if (this.#isClosed) return
    const { clock, random } = this.#ports
    const delayMs =
      details.retryAfterMs === undefined
        ? backoffMs(queue.failures, random())
        : askedDelayMs(details.retryAfterMs, random)
    queue.cancelWait()
    queue.cancelWait = clock.after(delayMs, () => this.#run(conversation))
  }
}

export function outboxKey(messageId: string) {
  return { name: '', order: messageId }
}

function putRecord(transaction: Transaction, record: OutboxRecord): void {
  transaction.put('outbox', outboxKey(record.messageId), record)
}

async function nextMessageId(transaction: Transaction, clock: Clock): Promise<string> {
  const last = await transaction.get('lastId', { name: '' })
  const messageId = createMessageId(clock.nowMs(), last?.messageId ?? null)
  transaction.put('lastId', { name: '' }, { messageId })
  return messageId
}
