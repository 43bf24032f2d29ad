import type { PoolClient } from 'pg'
import type { MessageStoreOptions } from './accept-messages.ts'
import type { Database } from './database.ts'
import { emptySlots, type Ring } from './empty-slots.ts'
import { inTransaction } from './in-transaction.ts'

/** A delivery that was not acknowledged in time. */
export interface ExpiredDelivery {
  readonly senderDeviceId: string
  readonly senderServer: number
  readonly messageId: string
  readonly deviceId: string
  readonly at: Date
}

export interface Sweep {
  readonly expired: readonly ExpiredDelivery[]
  /** Slots of the message ring that were emptied, and those of the file ring. */
  readonly truncated: readonly number[]
  readonly truncatedFiles: readonly number[]
}

export interface ExpiryStore {
  /**
   * Writes down what expired since the last sweep, frees its quota and truncates the slots of messages and of files
   * in which everything has expired. Null when another server is at it, or swept less than `everyMs` ago.
   */
  sweep(everyMs: number): Promise<Sweep | null>
  /** Unlinks the write-ahead log that still holds truncated bytes. False when the database user may not. */
  shredLog(): Promise<boolean>
  /** Forgets idempotency and outcomes that have served. */
  forget(olderThanMs: number): Promise<void>
}

/** Time for an acknowledgement that is on its way when the message expires. Nothing is delivered in it. */
const graceMs = (ttlMs: number) => Math.min(2000, ttlMs / 10)

const isDue = `last_run_at <= clock_timestamp() - make_interval(secs => $1::float8 / 1000)`

// The lock on the mailbox decides between the acknowledgement and the sweeper: whoever has it first, the other sees.
// LATERAL and `= ANY` of an array pin the plan to look-ups by key, as in accept-messages.ts. What is due is found by the
// index of expiry; what is left in a mailbox by its own, hence the subtraction there.
const expireSql = `
WITH due AS MATERIALIZED (
  SELECT s.device_id, s.seq, s.sender_device_id, s.sender_server, s.message_id, s.expires_at
  FROM msg_store s LEFT JOIN LATERAL (SELECT acked_seq FROM mailboxes WHERE device_id = s.device_id LIMIT 1) b ON true
  WHERE s.expires_at > $1 AND s.expires_at <= $2 AND (b.acked_seq IS NULL OR s.seq > b.acked_seq)
), box AS MATERIALIZED (
  SELECT b.device_id, b.acked_seq FROM mailboxes b
  WHERE b.device_id = ANY (ARRAY(SELECT device_id FROM due)) ORDER BY b.device_id FOR UPDATE
), ended AS MATERIALIZED (
  SELECT due.* FROM due LEFT JOIN box ON box.device_id = due.device_id
  WHERE box.device_id IS NULL OR due.seq > box.acked_seq
), written AS (
  INSERT INTO outcomes (sender_device_id, message_id, recipient_device_id, state, at)
  SELECT sender_device_id, message_id, device_id, 'EXPIRED', clock_timestamp() FROM ended
  ON CONFLICT DO NOTHING
), freed AS (
  UPDATE mailboxes b SET stored_count = w.count, stored_bytes = w.bytes
  FROM box CROSS JOIN LATERAL (
    SELECT count(*)::int AS count, coalesce(sum(s.size), 0)::int AS bytes FROM msg_store s
    WHERE s.device_id = box.device_id AND s.seq > box.acked_seq AND s.expires_at - $2 > interval '0'
  ) w WHERE b.device_id = ANY (ARRAY(SELECT device_id FROM box)) AND b.device_id = box.device_id
)
SELECT sender_device_id, sender_server, message_id, device_id, expires_at FROM ended`

interface EndedRow {
  readonly sender_device_id: string
  readonly sender_server: number
  readonly message_id: string
  readonly device_id: string
  readonly expires_at: Date
}

export function createExpiryStore(
  { pool }: Database,
  { messageTtlMs }: MessageStoreOptions,
): ExpiryStore {
  const grace = graceMs(messageTtlMs)
  const messageRing: Ring = {
    tables: ['msg_store', 'msg_bodies'],
    living: (slot) => `msg_store_${slot}`,
    lifetimeMs: messageTtlMs,
  }
  // A file has one lifetime to be uploaded in, and another from when it is sent.
  const fileRing: Ring = {
    tables: ['file_chunks'],
    living: (slot) => `files WHERE slot = ${slot}`,
    register: 'files',
    lifetimeMs: 2 * messageTtlMs,
  }

  async function isTurn(everyMs: number): Promise<boolean> {
    const { rowCount } = await pool.query({
      name: 'sweep-is-due',
      text: `SELECT FROM sweeper WHERE ${isDue}`,
      values: [everyMs],
    })
    return rowCount === 1
  }

  /** Takes the turn, if there is one to take. */
  async function expire(client: PoolClient, everyMs: number) {
    const { rows: turns } = await client.query<{
      from: Date | number
      until: Date
    }>({
      name: 'take-sweep',
      text: `WITH moment AS MATERIALIZED (SELECT clock_timestamp() - make_interval(secs => $2::float8 / 1000) AS until)
      SELECT swept_until AS from, until
      FROM sweeper, moment WHERE ${isDue}
      FOR UPDATE OF sweeper SKIP LOCKED`,
      values: [everyMs, grace],
    })
    const [turn] = turns
    if (turn === undefined) return null
    const began = performance.now()
    const { rows } = await client.query<EndedRow>({
      name: 'expire',
      text: expireSql,
      values: [turn.from instanceof Date ? turn.from : '-infinity', turn.until],
    })
    await client.query(
      'UPDATE sweeper SET swept_until = $1, last_run_at = clock_timestamp(), last_expired = $2, last_took_ms = $3',
      [turn.until, rows.length, Math.round(performance.now() - began)],
    )
    const expired = rows.map((row) => ({
      senderDeviceId: row.sender_device_id,
      senderServer: row.sender_server,
      messageId: row.message_id,
      deviceId: row.device_id,
      at: row.expires_at,
    }))
    return { expired, until: turn.until }
  }

  return {
    async sweep(everyMs) {
      // Mostly it is not: asked without a transaction by all servers but one.
      if (!(await isTurn(everyMs))) return null
      const swept = await inTransaction(pool, (client) => expire(client, everyMs))
      if (swept === null) return null
      const truncated = await emptySlots(pool, messageRing, swept.until)
      // Apart from the messages: nobody who writes one waits for somebody who reads a file.
      const truncatedFiles = await emptySlots(pool, fileRing, swept.until)
      if (truncated.length + truncatedFiles.length > 0)
        await pool.query('UPDATE sweeper SET last_truncated_at = clock_timestamp()')
      return { expired: swept.expired, truncated, truncatedFiles }
    },
    async shredLog() {
      try {
        await pool.query('SELECT pg_switch_wal()')
        await pool.query('CHECKPOINT')
        return true
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === '42501') return false
        throw error
      }
    },
    async forget(olderThanMs) {
      await pool.query(
        `WITH moment AS (SELECT clock_timestamp() - make_interval(secs => $1::float8 / 1000) AS at),
          sent AS (DELETE FROM sent_messages USING moment WHERE accepted_at < moment.at)
        DELETE FROM outcomes USING moment WHERE outcomes.at < moment.at`,
        [olderThanMs],
      )
    },
  }
}
