import type { Accepted, Delivery, DeliveryChanged, Link } from '../api/chat-api.ts'
import { ChatError } from '../errors.ts'
import { backoffMs } from './backoff.ts'
import type { Clock, Random } from './clock.ts'
import type { MemberDelivery } from './deliveries.ts'
import { deviceDeliveries, memberDeliveries } from './member-deliveries.ts'
import type { RecordStore, Transaction } from './record-store.ts'
import type { MessageRecord, OutboxRecord, SealedAttempt } from './records.ts'
import { isFinal, mergeDeliveries, type SendState, stateOfDeliveries } from './send-state.ts'
import type { ServerClock } from './server-clock.ts'
import type { Timeline } from './timeline.ts'

/** Outcomes are final this long after the expiry at the latest. */
const graceMs = 11_000
/** A server that is late with an outcome is asked this much longer. */
const patienceAfterDueMs = 60_000
const maxPerQuestion = 100

export interface OutcomesPorts {
  readonly store: RecordStore
  readonly timeline: Timeline
  readonly clock: Clock
  readonly me: { readonly user: string }
  readonly random: Random
  readonly serverClock: ServerClock
  readonly link: () => Link | undefined
  readonly onState: (messageId: string, state: SendState, position: string) => void
  readonly onBroken: (error: unknown) => void
}

/** Follows accepted messages until it is known how they ended: by push, and by asking. */
export class Outcomes {
  readonly #ports: OutcomesPorts
  /** Message id to the moment, by the server's clock, at which the outcome must be known. */
  readonly #awaited = new Map<string, number>()
  #cancelTimer: () => void = () => undefined
  #isAsking = false
  #isCalledAgain = false
  #failures = 0
  #isClosed = false

  constructor(ports: OutcomesPorts) {
    this.#ports = ports
  }

  /** A message from an earlier run of this client. */
  await({ messageId, expiresAtMs = 0 }: OutboxRecord): void {
    this.#awaited.set(messageId, expiresAtMs + graceMs)
  }

  /** The server has it. In the same commit the conversation's chain moves on. */
  async accepted(
    record: OutboxRecord & { readonly attempt: SealedAttempt },
    { acceptedAtMs, expiresAtMs, deliveries }: Omit<Accepted, 'serverTimeMs'>,
  ): Promise<void> {
    const { conversation, messageId, attempt } = record
    await this.#change(messageId, async (transaction, current) => {
      await this.#ports.timeline.setChainHead(transaction, conversation, attempt.headerHash)
      await this.#ports.timeline.setAccepted(transaction, messageId, acceptedAtMs)
      return merged({ ...(current ?? record), attempt, expiresAtMs }, deliveries)
    })
  }

  /** What the server says by itself. It may come before the answer to the sending. */
  async applyChange({ clientMessageId, deviceId, state }: DeliveryChanged): Promise<void> {
    await this.#change(clientMessageId, async (_transaction, current) => {
      return current === undefined ? undefined : merged(current, [{ deviceId, state }])
    })
  }

  async finish(messageId: string, state: SendState): Promise<void> {
    this.#awaited.delete(messageId)
    const ended = await this.#ports.store.update((transaction) => {
      return this.#end(transaction, messageId, state)
    })
    if (ended !== undefined) this.#ports.onState(messageId, state, ended.position)
  }

  /** Asks for every message whose outcome is open: news may have been lost while away. */
  ask(): void {
    this.#askFor([...this.#awaited.keys()])
  }

  close(): void {
    this.#isClosed = true
    this.#cancelTimer()
  }

  /** Writes what `change` makes of the record, and ends it when its outcome is final. */
  async #change(
    messageId: string,
    change: (
      transaction: Transaction,
      current: OutboxRecord | undefined,
    ) => Promise<OutboxRecord | undefined>,
  ): Promise<void> {
    const { store, timeline, onState } = this.#ports
    const key = { name: '', order: messageId }
    const message = await store.update(async (transaction) => {
      const record = await change(transaction, await transaction.get('outbox', key))
      if (record === undefined) return undefined
      const { attempt, deliveries } = record
      const members = attempt ? memberDeliveries(attempt, deliveries, this.#ports.me.user) : []
      const next = stateOf(record, members)
      if (next !== undefined) timeline.setDeliveries(transaction, messageId, members)
      if (next !== undefined && isFinal(next)) {
        this.#awaited.delete(messageId)
        return this.#end(transaction, messageId, next)
      }
      transaction.put('outbox', key, record)
      if (next === undefined) return undefined
      this.await(record)
      return timeline.setState(transaction, messageId, next)
    })
    this.#setTimer()
    if (message?.state !== undefined) onState(messageId, message.state, message.position)
  }

  #end(
    transaction: Transaction,
    messageId: string,
    state: SendState,
  ): Promise<MessageRecord | undefined> {
    transaction.delete('outbox', { name: '', order: messageId })
    return this.#ports.timeline.setState(transaction, messageId, state)
  }

  /** One timer, for the message whose outcome is due first. */
  #setTimer(): void {
    this.#cancelTimer()
    const dueMs = Math.min(...this.#awaited.values())
    if (!Number.isFinite(dueMs) || this.#isClosed) return
    const delayMs = Math.max(0, dueMs - this.#ports.serverClock.nowMs())
    const pauseMs = backoffMs(this.#failures, this.#ports.random())
    this.#cancelTimer = this.#ports.clock.after(delayMs + pauseMs, () => this.#askFor(this.#due()))
  }

  #due(): readonly string[] {
    const nowMs = this.#ports.serverClock.nowMs()
    return [...this.#awaited].filter(([, dueMs]) => dueMs <= nowMs).map(([id]) => id)
  }

  #askFor(messageIds: readonly string[]): void {
    const link = this.#ports.link()
    if (link === undefined || messageIds.length === 0 || this.#isClosed) return
    if (this.#isAsking) {
      this.#isCalledAgain = true
      return
    }
    this.#isAsking = true
    this.#isCalledAgain = false
    this.#askInParts(link, messageIds)
      .then(
        () => {
          this.#failures = this.#due().length === 0 ? 0 : this.#failures + 1
        },
        (error: unknown) => {
          this.#failures += 1
          if (!(error instanceof ChatError) && !this.#isClosed) this.#ports.onBroken(error)
        },
      )
      .finally(() => {
        this.#isAsking = false
        if (this.#isCalledAgain) this.ask()
        this.#setTimer()
      })
  }

  async #askInParts(link: Link, messageIds: readonly string[]): Promise<void> {
    for (let start = 0; start < messageIds.length; start += maxPerQuestion) {
      const part = messageIds.slice(start, start + maxPerQuestion)
      const answers = await link.operations.outcomes(part)
      const byId = new Map(answers.map((answer) => [answer.clientMessageId, answer.deliveries]))
      for (const messageId of part) await this.#learn(messageId, byId.get(messageId))
    }
  }

  async #learn(messageId: string, deliveries: readonly Delivery[] | undefined): Promise<void> {
    const dueMs = this.#awaited.get(messageId)
    if (dueMs === undefined) return
    if (deliveries !== undefined) {
      await this.#change(messageId, async (_transaction, current) => {
        return current === undefined ? undefined : merged(current, deliveries)
      })
    }
    if (!this.#awaited.has(messageId)) return
    // Not before its time: a server that does not know it yet may still learn of it.
    const patienceMs = deliveries === undefined ? 0 : patienceAfterDueMs
    if (dueMs + patienceMs > this.#ports.serverClock.nowMs()) return
    await this.finish(messageId, { kind: 'outcome-unknown' })
  }
}

function merged(record: OutboxRecord, news: readonly Delivery[]): OutboxRecord {
  return { ...record, deliveries: mergeDeliveries(record.deliveries, news) }
}

/** Undefined until the server has said that it accepted the message. */
function stateOf(record: OutboxRecord, members: readonly MemberDelivery[]): SendState | undefined {
  const { expiresAtMs, deliveries, attempt, peer } = record
  if (expiresAtMs === undefined || attempt === undefined) return undefined
  if (peer === undefined) return stateOfDeliveries(members, expiresAtMs)
  // The recipient's devices decide, not the sender's own others.
  const theirs = attempt.to.find(({ username }) => username === peer)
  return stateOfDeliveries(deviceDeliveries(theirs?.keys ?? [], deliveries), expiresAtMs)
}
