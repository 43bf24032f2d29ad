import { acceptFileMessage } from './accept-file-message.ts'
import {
  type Acceptance,
  acceptMessages,
  type MessageStoreOptions,
  type OutgoingMessage,
} from './accept-messages.ts'
import { int4Array, int8Array, uuidArray } from './binary-array.ts'
import type { Database } from './database.ts'
import { groupCommit } from './group-commit.ts'
import { isUniqueViolation } from './unique-violation.ts'

export interface StoredMessage {
  readonly deviceId: string
  readonly seq: bigint
  readonly senderDeviceId: string
  readonly messageId: string
  readonly acceptedAt: Date
  readonly expiresAt: Date
  /** Bytes against the mailbox quota. */
  readonly size: number
  readonly senderServer: number
  readonly envelope: Uint8Array
  readonly wrappedKey: Uint8Array
}

/** Where a reader stands: it wants what comes after this sequence, at most so many. */
export interface ReadPosition {
  readonly deviceId: string
  readonly after: bigint
  readonly max: number
}

export type DeliveryState = 'STORED' | 'DELIVERED' | 'EXPIRED' | 'MAILBOX_FULL'

export interface MessageReference {
  readonly senderDeviceId: string
  readonly messageId: string
}

export interface MessageOutcome extends MessageReference {
  readonly expiresAt: Date
  readonly deliveries: readonly { readonly deviceId: string; readonly state: DeliveryState }[]
}

export interface MessageStore {
  /** Stores a message durably, or says why not. Repeating it is harmless. Many callers share a commit. */
  accept(message: OutgoingMessage): Promise<Acceptance>
  /** What waits in these mailboxes and has not expired, in order. */
  read(positions: readonly ReadPosition[]): Promise<StoredMessage[]>
  /** What became of messages; those that were never sent, or not by that device, are left out. */
  findOutcomes(messages: readonly MessageReference[]): Promise<MessageOutcome[]>
}

const readSql = `
SELECT s.*, b.envelope
FROM unnest($1::uuid[], $2::bigint[], $3::int[]) AS position(device, after, max)
CROSS JOIN LATERAL (
  SELECT * FROM msg_store WHERE device_id = position.device AND seq > position.after AND expires_at > clock_timestamp()
  ORDER BY seq LIMIT position.max
) s
CROSS JOIN LATERAL (
  SELECT envelope FROM msg_bodies
  WHERE slot = s.slot AND sender_device_id = s.sender_device_id AND message_id = s.message_id LIMIT 1
) b
ORDER BY s.device_id, s.seq`

interface MessageRow {
  readonly device_id: string
  readonly seq: string
  readonly sender_device_id: string
  readonly message_id: string
  readonly accepted_at: Date
  readonly expires_at: Date
  readonly size: number
  readonly sender_server: number
  readonly envelope: Buffer
  readonly wrapped_key: Buffer
}

// EXPIRED is written down; DELIVERED is what the mailbox has acknowledged and the sweeper did not find expired.
const outcomesSql = `
SELECT s.sender_device_id, s.message_id, s.expires_at, r.device_id,
  CASE
    WHEN r.seq = 0 THEN 'MAILBOX_FULL'
    WHEN o.state IS NOT NULL THEN o.state
    WHEN b.acked_seq >= r.seq THEN 'DELIVERED'
    ELSE 'STORED'
  END AS state
FROM unnest($1::uuid[], $2::uuid[]) AS wanted(sender, message)
JOIN sent_messages s ON s.sender_device_id = wanted.sender AND s.message_id = wanted.message
CROSS JOIN LATERAL unnest(s.recipient_device_ids, s.recipient_seqs) AS r(device_id, seq)
LEFT JOIN outcomes o
  ON o.sender_device_id = s.sender_device_id AND o.message_id = s.message_id AND o.recipient_device_id = r.device_id
LEFT JOIN mailboxes b ON b.device_id = r.device_id`

interface OutcomeRow {
  readonly sender_device_id: string
  readonly message_id: string
  readonly expires_at: Date
  readonly device_id: string
  readonly state: DeliveryState
}

export function createMessageStore({ pool }: Database, options: MessageStoreOptions): MessageStore {
  const accept = groupCommit<OutgoingMessage, Acceptance>({
    run: (batch) => acceptAll(batch),
    maxItems: 128,
    // A message to a large group is as much work as hundreds of others; those that share its commit wait for it.
    weight: { of: ({ keys }) => keys.length, max: 2048 },
    // A second commit beside the first would halve the batches, and a commit costs more than what is in it.
    concurrency: 1,
    restAtMostMs: 25,
  })

  async function acceptAll(batch: readonly OutgoingMessage[]): Promise<Acceptance[]> {
    try {
      return await acceptMessages(pool, options, batch)
    } catch (error) {
      // The same id arrived twice at once: the statement was rolled back, and alone each gets its own answer.
      if (!isUniqueViolation(error)) throw error
      const answers: Acceptance[] = []
      for (const message of batch) answers.push(...(await acceptAlone(message)))
      return answers
    }
  }

  async function acceptAlone(message: OutgoingMessage): Promise<Acceptance[]> {
    try {
      return await acceptMessages(pool, options, [message])
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      // Another server committed it in between; now it is there to be read.
      return acceptMessages(pool, options, [message])
    }
  }

  return {
    accept: (message) =>
      message.fileId === undefined
        ? accept(message)
        : acceptFileMessage(pool, options, { message, fileId: message.fileId }),
    async read(positions) {
      const { rows } = await pool.query<MessageRow>({
        name: 'read-messages',
        text: readSql,
        values: [
          uuidArray(positions.map(({ deviceId }) => deviceId)),
          int8Array(positions.map(({ after }) => after)),
          int4Array(positions.map(({ max }) => max)),
        ],
      })
      return rows.map(toStoredMessage)
    },
    async findOutcomes(messages) {
      const { rows } = await pool.query<OutcomeRow>({
        name: 'find-outcomes',
        text: outcomesSql,
        values: [
          uuidArray(messages.map(({ senderDeviceId }) => senderDeviceId)),
          uuidArray(messages.map(({ messageId }) => messageId)),
        ],
      })
      const outcomes = Map.groupBy(rows, (row) => `${row.sender_device_id}/${row.message_id}`)
      return [...outcomes.values()].map((deliveries) => {
        const [{ sender_device_id, message_id, expires_at }] = deliveries as [OutcomeRow]
        return {
          senderDeviceId: sender_device_id,
          messageId: message_id,
          expiresAt: expires_at,
          deliveries: deliveries.map(({ device_id, state }) => ({ deviceId: device_id, state })),
        }
      })
    },
  }
}

const toStoredMessage = (row: MessageRow): StoredMessage => ({
  deviceId: row.device_id,
  seq: BigInt(row.seq),
  senderDeviceId: row.sender_device_id,
  messageId: row.message_id,
  acceptedAt: row.accepted_at,
  expiresAt: row.expires_at,
  size: row.size,
  senderServer: row.sender_server,
  envelope: row.envelope,
  wrappedKey: row.wrapped_key,
})
