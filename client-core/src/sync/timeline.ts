import type { Bytes, Username } from '../brands.ts'
import type { Clock } from './clock.ts'
import type { MemberDelivery } from './deliveries.ts'
import type { FileState } from './file-view.ts'
import type { RecordStore, Transaction } from './record-store.ts'
import type { ConversationRecord, MessageRecord, PlaceRecord } from './records.ts'
import { isFinal, type SendState } from './send-state.ts'

/** Where messages are shown whose sender, and so whose conversation, was never proven. */
export const unreadableConversation = 'local:unreadable'

export type NewMessage = Omit<MessageRecord, 'position'> & {
  readonly peer?: Username
  readonly groupName?: string
  /** When a server accepted it. Absent of a message that this device still has to send. */
  readonly acceptedAtMs?: number
}

export interface HistoryPage {
  /** Only what stands before this position. */
  readonly before?: string
  readonly limit: number
}

/**
 * The messages of each conversation in the one order that all devices see: by the time at which a
 * server accepted them, then by id. What this device still has to send stands at the end.
 */
export class Timeline {
  readonly #store: RecordStore
  readonly #clock: Pick<Clock, 'nowMs'>

  /** `clock` is the server's, as far as this device knows it. */
  constructor(store: RecordStore, clock: Pick<Clock, 'nowMs'>) {
    this.#store = store
    this.#clock = clock
  }

  async append(transaction: Transaction, message: NewMessage): Promise<MessageRecord> {
    const { peer, groupName, acceptedAtMs, ...fields } = message
    const { conversation } = fields
    const position = await this.#freePosition(transaction, fields, acceptedAtMs)
    const record: MessageRecord = { ...fields, position }
    this.#put(transaction, record)
    const before = await transaction.get('conversation', { name: conversation })
    const atMs = acceptedAtMs ?? this.#clock.nowMs()
    transaction.put(
      'conversation',
      { name: conversation },
      {
        ...before,
        conversation,
        lastAtMs: Math.max(before?.lastAtMs ?? 0, atMs),
        ...(peer !== undefined && { peer }),
        ...(groupName !== undefined && { groupName }),
      },
    )
    return record
  }

  /** True if a message of this device and id was appended before. */
  async has(transaction: Transaction, message: Origin): Promise<boolean> {
    return (await transaction.get('place', { name: placeName(message) })) !== undefined
  }

  /**
   * Returns the message as it is now, or `undefined` if there is none. One that will never be
   * accepted gets its place where it failed, so that the next ones come after it.
   */
  async setState(
    transaction: Transaction,
    messageId: string,
    state: SendState,
  ): Promise<MessageRecord | undefined> {
    const message = await this.#own(transaction, messageId)
    if (message === undefined) return undefined
    const changed = { ...message, state }
    if (isFinal(state)) return this.#settle(transaction, changed, this.#clock.nowMs())
    this.#put(transaction, changed)
    return changed
  }

  /** A message of this device gets its place among those of others. */
  async setAccepted(
    transaction: Transaction,
    messageId: string,
    acceptedAtMs: number,
  ): Promise<void> {
    const message = await this.#own(transaction, messageId)
    if (message !== undefined) await this.#settle(transaction, message, acceptedAtMs)
  }

  async remove(transaction: Transaction, message: MessageRecord): Promise<void> {
    transaction.delete('message', keyOf(message))
    transaction.delete('place', { name: placeName(message) })
    if (message.state !== undefined) transaction.delete('deliveries', { name: message.id })
  }

  /** A message that this device sends, by its id. */
  own(messageId: string): Promise<MessageRecord | undefined> {
    return this.#own(this.#store, messageId)
  }

  find(origin: Origin): Promise<MessageRecord | undefined> {
    return this.#find(this.#store, origin)
  }

  /** Returns the message as it is now, or `undefined` if there is none. */
  async setFile(
    transaction: Transaction,
    origin: Origin,
    file: FileState,
  ): Promise<MessageRecord | undefined> {
    const message = await this.#find(transaction, origin)
    if (message === undefined) return undefined
    const changed = { ...message, file }
    this.#put(transaction, changed)
    return changed
  }

  /** Whom a message of this device was for, and how far it came to each. */
  async deliveries(messageId: string): Promise<readonly MemberDelivery[]> {
    return (await this.#store.get('deliveries', { name: messageId }))?.members ?? []
  }

  setDeliveries(
    transaction: Transaction,
    messageId: string,
    members: readonly MemberDelivery[],
  ): void {
    transaction.put('deliveries', { name: messageId }, { members })
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
      ...(page.before !== undefined && { before: page.before }),
    })
    return newestFirst.toReversed()
  }

  /** The one that was written in last comes first. */
  async conversations(): Promise<readonly ConversationRecord[]> {
    const records = await this.#store.list('conversation', {})
    return records.toSorted((one, other) => other.lastAtMs - one.lastAtMs)
  }

  #own(reader: Pick<Transaction, 'get'>, messageId: string): Promise<MessageRecord | undefined> {
    return this.#find(reader, { id: messageId })
  }

  async #find(
    reader: Pick<Transaction, 'get'>,
    origin: Origin,
  ): Promise<MessageRecord | undefined> {
    const place = await reader.get('place', { name: placeName(origin) })
    if (place === undefined) return undefined
    const message = await reader.get('message', keyOf(place))
    if (message !== undefined) return message
    // Between the two reads it may have been given another place.
    const now = await reader.get('place', { name: placeName(origin) })
    return now === undefined || now.position === place.position
      ? undefined
      : this.#find(reader, origin)
  }

  async #settle(
    transaction: Transaction,
    message: MessageRecord,
    acceptedAtMs: number,
  ): Promise<MessageRecord> {
    const isSettled = message.position !== pendingPosition(message.id)
    const position = isSettled
      ? message.position
      : await this.#freePosition(transaction, message, acceptedAtMs)
    if (!isSettled) transaction.delete('message', keyOf(message))
    const settled = { ...message, position }
    this.#put(transaction, settled)
    return settled
  }

  #put(transaction: Transaction, record: MessageRecord): void {
    const { conversation, position } = record
    transaction.put('message', keyOf(record), record)
    transaction.put('place', { name: placeName(record) }, { conversation, position })
  }

  /** Another sender may have chosen the same id; the one that came first keeps its place. */
  async #freePosition(
    transaction: Transaction,
    { conversation, id }: Pick<MessageRecord, 'conversation' | 'id'>,
    acceptedAtMs: number | undefined,
  ): Promise<string> {
    if (acceptedAtMs === undefined) return pendingPosition(id)
    let position = `${String(acceptedAtMs).padStart(16, '0')} ${id}`
    while ((await transaction.get('message', keyOf({ conversation, position }))) !== undefined) {
      position += '+'
    }
    return position
  }
}

/** What no two messages have in common. */
export interface Origin {
  readonly id: string
  readonly fromDevice?: string
  readonly state?: SendState
}

/** Ids are chosen by senders, so another device's id must never lead to a message of this one. */
export function placeName({ id, fromDevice, state }: Origin): string {
  return state !== undefined || fromDevice === undefined ? `own ${id}` : `from ${fromDevice} ${id}`
}

/** After every time, and among each other in the order in which their ids were made. */
export function pendingPosition(id: string): string {
  return `p ${id}`
}

function keyOf({ conversation, position }: PlaceRecord) {
  return { name: conversation, order: position }
}
