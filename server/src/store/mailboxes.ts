import { int4Array, int8Array, uuidArray } from './binary-array.ts'
import type { Database } from './database.ts'
import { groupCommit } from './group-commit.ts'

/** A reader takes a mailbox over. */
export interface Attachment {
  /** Delivered up to here. Lower than what the reader asked for only when the database has lost data. */
  readonly ackedSeq: bigint
  /** The newest message. */
  readonly latestSeq: bigint
  /** Messages after ackedSeq that expired unread. */
  readonly expired: number
  /** The server the reader before was on. */
  readonly previousServer: number | null
  /** What the reader's cursor acknowledged that was not acknowledged before. */
  readonly acked: readonly AckedMessage[]
}

export interface AckedMessage {
  readonly senderDeviceId: string
  readonly senderServer: number
  readonly messageId: string
  /** The acknowledgement came after its time: it counts as expired, whatever the reader did with it. */
  readonly expired: boolean
  /** It had been written down as expired before this. */
  readonly wasWritten?: boolean
  /** The reader was there when it was accepted. */
  readonly atOnce?: boolean
}

export interface Acknowledgement {
  readonly deviceId: string
  readonly attachmentId: string
  readonly upTo: bigint
  /** How much of the quota this frees. */
  readonly count: number
  readonly bytes: number
}

/** Null when the attachment is not the current one. */
export type AckResult = { readonly ackedSeq: bigint; readonly at: Date } | null

export interface MailboxState {
  readonly deviceId: string
  readonly latestSeq: bigint
  readonly ackedSeq: bigint
  readonly attachmentId: string | null
}

export interface MailboxStore {
  /** Makes `attachmentId` the one reader, fencing off the one before. Null when there is no such mailbox. */
  attach(deviceId: string, attachmentId: string, after: bigint | null): Promise<Attachment | null>
  /** Says on which server the reader is. False when the attachment is not the current one. */
  place(deviceId: string, attachmentId: string, serverId: number): Promise<boolean>
  /** The reader is gone from this server; the attachment itself stays valid. */
  leave(deviceId: string, attachmentId: string): Promise<void>
  /** Acknowledges all messages up to a sequence. Many callers share a commit. */
  acknowledge(ack: Acknowledgement): Promise<AckResult>
  /**
   * The same, but reads the messages it covers: for a reader without a window on this server, and where some of them may
   * have expired meanwhile. Those are written down as expired in the same commit.
   */
  acknowledgeUnseen(
    deviceId: string,
    attachmentId: string,
    upTo: bigint,
  ): Promise<{ ackedSeq: bigint; acked: readonly AckedMessage[] } | null>
  /** Where these mailboxes stand: the read that finds what a lost doorbell did not say. */
  listStates(deviceIds: readonly string[]): Promise<MailboxState[]>
}

const ackSql = `
WITH a AS MATERIALIZED (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::int[], $5::int[]) AS a(device, attachment, up_to, count, bytes)
), box AS MATERIALIZED (
  SELECT b.device_id FROM mailboxes b JOIN a ON a.device = b.device_id AND a.attachment = b.attachment_id AND a.up_to < b.next_seq
  WHERE b.device_id = ANY ($1::uuid[]) ORDER BY b.device_id FOR UPDATE OF b
)
UPDATE mailboxes b
SET acked_seq = greatest(b.acked_seq, a.up_to), stored_count = greatest(0, b.stored_count - a.count),
  stored_bytes = greatest(0, b.stored_bytes - a.bytes)
FROM a JOIN box ON box.device_id = a.device
WHERE b.device_id = ANY ($1::uuid[]) AND b.device_id = a.device
RETURNING b.device_id, b.acked_seq, clock_timestamp() AS at`

// One statement, so that the lock, the old position and what lies between are of one moment. A cursor from beyond the newest
// message is from before the database was restored: it acknowledges nothing.
const moveSql = `
WITH old AS MATERIALIZED (
  SELECT device_id, acked_seq, next_seq, attached_server,
    CASE WHEN $3::bigint < next_seq THEN greatest(acked_seq, $3::bigint) ELSE acked_seq END AS up_to
  FROM mailboxes WHERE device_id = $1 AND ($4::boolean OR attachment_id = $2) FOR UPDATE
), passed AS MATERIALIZED (
  SELECT s.seq, s.sender_device_id, s.sender_server, s.message_id, s.size, o.state IS NOT NULL AS written,
    o.state IS NOT NULL OR s.expires_at <= clock_timestamp() AS expired
  FROM msg_store s JOIN old ON old.device_id = s.device_id AND s.seq > old.acked_seq AND s.seq <= old.up_to
  LEFT JOIN outcomes o ON o.sender_device_id = s.sender_device_id AND o.message_id = s.message_id
    AND o.recipient_device_id = s.device_id
), late AS (
  INSERT INTO outcomes (sender_device_id, message_id, recipient_device_id, state, at)
  SELECT sender_device_id, message_id, $1, 'EXPIRED', clock_timestamp() FROM passed WHERE expired
  ON CONFLICT DO NOTHING
), moved AS (
  UPDATE mailboxes b SET acked_seq = old.up_to,
    stored_count = greatest(0, b.stored_count - (SELECT count(*) FROM passed WHERE NOT written)::int),
    stored_bytes = greatest(0, b.stored_bytes - (SELECT coalesce(sum(size), 0) FROM passed WHERE NOT written)::int),
    attachment_id = $2,
    attached_server = CASE WHEN $4 THEN NULL ELSE b.attached_server END,
    attached_at = CASE WHEN $4 THEN clock_timestamp() ELSE b.attached_at END
  FROM old WHERE b.device_id = old.device_id
)
SELECT old.up_to AS acked_seq, old.next_seq - 1 AS latest_seq, old.attached_server,
  (SELECT count(*) FROM msg_store s WHERE s.device_id = old.device_id AND s.seq > old.up_to
    AND s.expires_at > clock_timestamp())::int AS waiting,
  (SELECT coalesce(json_agg(json_build_object('senderDeviceId', sender_device_id, 'senderServer', sender_server,
    'messageId', message_id, 'expired', expired, 'wasWritten', written) ORDER BY seq), '[]') FROM passed) AS acked
FROM old`

interface MovedRow {
  readonly acked_seq: string
  readonly latest_seq: string
  readonly attached_server: number | null
  readonly waiting: number
  readonly acked: AckedMessage[]
}

export function createMailboxStore({ pool }: Database): MailboxStore {
  async function move(deviceId: string, attachmentId: string, upTo: bigint, takeOver: boolean) {
    const { rows } = await pool.query<MovedRow>({
      name: 'move-mailbox',
      text: moveSql,
      values: [deviceId, attachmentId, upTo, takeOver],
    })
    return rows[0] ?? null
  }

  async function acknowledgeAll(batch: readonly Acknowledgement[]): Promise<AckResult[]> {
    // Acknowledgements are cumulative: two of one reader in a batch are one.
    const merged = new Map<string, Acknowledgement>()
    const keyOf = (ack: Acknowledgement) => `${ack.deviceId}/${ack.attachmentId}`
    for (const ack of batch) {
      const other = merged.get(keyOf(ack))
      merged.set(keyOf(ack), {
        ...ack,
        upTo: other && other.upTo > ack.upTo ? other.upTo : ack.upTo,
        count: ack.count + (other?.count ?? 0),
        bytes: ack.bytes + (other?.bytes ?? 0),
      })
    }
    const acks = [...merged.values()]
    const { rows } = await pool.query<{ device_id: string; acked_seq: string; at: Date }>({
      name: 'acknowledge',
      text: ackSql,
      values: [
        uuidArray(acks.map((ack) => ack.deviceId)),
        uuidArray(acks.map((ack) => ack.attachmentId)),
        int8Array(acks.map((ack) => ack.upTo)),
        int4Array(acks.map((ack) => ack.count)),
        int4Array(acks.map((ack) => ack.bytes)),
      ],
    })
    const done = new Map(rows.map((row) => [row.device_id, row]))
    return batch.map((ack) => {
      const row = done.get(ack.deviceId)
      return row === undefined ? null : { ackedSeq: BigInt(row.acked_seq), at: row.at }
    })
  }

  return {
    // No message waits for it, only the second tick of its sender.
    acknowledge: groupCommit({ run: acknowledgeAll, maxItems: 256, concurrency: 1, lingerMs: 40 }),
    async attach(deviceId, attachmentId, after) {
      const row = await move(deviceId, attachmentId, after ?? 0n, true)
      if (row === null) return null
      const ackedSeq = BigInt(row.acked_seq)
      const latestSeq = BigInt(row.latest_seq)
      return {
        ackedSeq,
        latestSeq,
        expired: Number(latestSeq - ackedSeq) - row.waiting,
        previousServer: row.attached_server,
        acked: row.acked,
      }
    },
    async place(deviceId, attachmentId, serverId) {
      const { rowCount } = await pool.query(
        'UPDATE mailboxes SET attached_server = $3, attached_at = clock_timestamp() WHERE device_id = $1 AND attachment_id = $2',
        [deviceId, attachmentId, serverId],
      )
      return rowCount === 1
    },
    async leave(deviceId, attachmentId) {
      await pool.query(
        'UPDATE mailboxes SET attached_server = NULL WHERE device_id = $1 AND attachment_id = $2',
        [deviceId, attachmentId],
      )
    },
    async acknowledgeUnseen(deviceId, attachmentId, upTo) {
      const row = await move(deviceId, attachmentId, upTo, false)
      return row === null ? null : { ackedSeq: BigInt(row.acked_seq), acked: row.acked }
    },
    async listStates(deviceIds) {
      const { rows } = await pool.query<{
        device_id: string
        latest_seq: string
        acked_seq: string
        attachment_id: string | null
      }>({
        name: 'mailbox-states',
        text: 'SELECT device_id, next_seq - 1 AS latest_seq, acked_seq, attachment_id FROM mailboxes WHERE device_id = ANY ($1::uuid[])',
        values: [uuidArray(deviceIds)],
      })
      return rows.map((row) => ({
        deviceId: row.device_id,
        latestSeq: BigInt(row.latest_seq),
        ackedSeq: BigInt(row.acked_seq),
        attachmentId: row.attachment_id,
      }))
    },
  }
}
