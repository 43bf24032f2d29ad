import type { Bytes, Username } from '../brands.ts'
import type { Clock } from './clock.ts'
import type { RecordStore, Transaction } from './record-store.ts'
import type { ConversationRecord, MessageRecord } from './records.ts'
import type { SendState } from './send-state.ts'

/** Where messages are shown whose sender, and so whose conversation, was never proven. */
export const unreadableConversation = 'local:unreadable'

export type NewMessage = Omit<MessageRecord, 'position'> & { readonly peer?: Username }

export interface HistoryPage {
  /** Only what stands before this position. */
  readonly before?: number
  readonly limit: number
}

/** The messages of each conversation in the order in which this device came to know them. */
export class Timeline {
  readonly #store: RecordStore
  readonly #clock: Clock

  constructor(store: RecordStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  async append(transaction: Transaction, message: NewMessage): Promise<MessageRecord> {
    const { peer, ...fields } = message
    const { conversation } = fields
    const before = await transaction.get('conversation', { name: conversation })
    const nowMs = this.#clock.nowMs()
    // Never below the last: a clock that was set back must not shuffle what people have read.
    const position = Math.max(nowMs, (before?.lastPosition ?? 0) + 1)
    const record: MessageRecord = { ...fields, position }
    transaction.put('message', { name: conversation, order: orderOf(position) }, record)
    transaction.put('place', { name: placeName(record) }, { conversation, position })
    transaction.put(
      'conversation',
      { name: conversation },
      {
        ...before,
        conversation,
        lastPosition: position,
        lastAtMs: nowMs,
        ...(peer !== undefined && { peer }),
      },
    )
    return record
  }

  /** True if a message of this device and id was appended before. */
  async has(transaction: Transaction, message: Origin): Promise<boolean> {
    return (await transaction.get('place', { name: placeName(message) })) !== undefined
  }

  /** Returns the message as it is now, or `undefined` if there is none. */
  async setState(
    transaction: Transaction,
    messageId: string,
    state: SendState,
  ): Promise<MessageRecord | undefined> {
    const message = await this.#own(transaction, messageId)
    if (message === undefined) return undefined
    const changed = { ...message, state }
    const { conversation, position } = changed
    transaction.put('message', { name: conversation, order: orderOf(position) }, changed)
    return changed
  }

  async remove(transaction: Transaction, message: MessageRecord): Promise<void> {
    const { conversation, position } = message
    transaction.delete('message', { name: conversation, order: orderOf(position) })
    transaction.delete('place', { name: placeName(message) })
  }

  /** A message that this device sends, by its id. */
  own(messageId: string): Promise<MessageRecord | undefined> {
    return this.#own(this.#store, messageId)
  }

  async peerOf(conversation: string): Promise<Username | undefined> {
    return (await this.#store.get('conversation', { name: conversation }))?.peer
  }

  async chainHead(conversation: string): Promise<Bytes | undefined> {
    return (await this.#store.get('conversation', { name: conversation }))?.chainHead
  }

  async setChainHead(
    transaction: Transaction,
    conversation: string,
    chainHead: Bytes,
  ): Promise<void> {
    const record = await transaction.get('conversation', { name: conversation })
    if (record === undefined) return
    transaction.put('conversation', { name: conversation }, { ...record, chainHead })
  }

  /** Newest last. */
  async history(conversation: string, page: HistoryPage): Promise<readonly MessageRecord[]> {
    const newestFirst = await this.#store.list('message', {
      name: conversation,
      direction: 'backward',
      limit: page.limit,
      ...(page.before !== undefined && { before: orderOf(page.before) }),
    })
    return newestFirst.toReversed()
  }

  /** The one that was written in last comes first. */
  async conversations(): Promise<readonly ConversationRecord[]> {
    const records = await this.#store.list('conversation', {})
    return records.toSorted((one, other) => other.lastPosition - one.lastPosition)
  }

  async #own(
    reader: Pick<Transaction, 'get'>,
    messageId: string,
  ): Promise<MessageRecord | undefined> {
    const place = await reader.get('place', { name: placeName({ id: messageId }) })
    if (place === undefined) return undefined
    const { conversation, position } = place
    return reader.get('message', { name: conversation, order: orderOf(position) })
  }
}

interface Origin {
  readonly id: string
  readonly fromDevice?: string
  readonly state?: SendState
}

/** Ids are chosen by senders, so another device's id must never lead to a message of this one. */
function placeName({ id, fromDevice, state }: Origin): string {
  return state !== undefined || fromDevice === undefined ? `own ${id}` : `from ${fromDevice} ${id}`
}

function orderOf(position: number): string {
  return String(position).padStart(16, '0')
}
