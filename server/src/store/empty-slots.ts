import type { Pool } from 'pg'
import { inTransaction } from './in-transaction.ts'

/** Tables whose partitions are used in turn, and emptied as a whole. */
export interface Ring {
  /** Partitioned alike: that of slot 3 is called `<table>_3`. */
  readonly tables: readonly string[]
  /** The table whose rows say when what lies in a slot expires; those of one slot. */
  living(slot: number): string
  /** Where these rows are kept apart from the ring: they are locked while a slot is emptied, and go with it. */
  readonly register?: string
  /** How long something can live in it. */
  readonly lifetimeMs: number
}

const slots = [0, 1, 2, 3, 4, 5, 6, 7] as const

/** Longer than any statement runs: by then it has stored its row, or failed. */
const statementEnds = `interval '15 seconds'`

/** Truncates the slots in which everything had expired at `until`. Returns which they were. */
export async function emptySlots(pool: Pool, ring: Ring, until: Date): Promise<number[]> {
  const emptied: number[] = []
  for (const slot of slots)
    if ((await isDead(pool, ring, slot, until)) && (await emptySlot(pool, ring, slot, until)))
      emptied.push(slot)
  return emptied
}

/** A statement that failed leaves bytes and no row to tell of them: a slot without rows is dead when nobody writes to it. */
async function isDead(
  database: Pick<Pool, 'query'>,
  ring: Ring,
  slot: number,
  until: Date,
): Promise<boolean> {
  const { rows } = await database.query<{ dead: boolean }>(
    `SELECT coalesce(
      max(expires_at) <= $1,
      msg_slot(clock_timestamp(), $2::int) <> ${slot}
        AND msg_slot(clock_timestamp() - ${statementEnds}, $2::int) <> ${slot}
        AND (SELECT bool_or(greatest(pg_relation_size(oid), pg_relation_size(nullif(reltoastrelid, 0))) > 0)
          FROM pg_class WHERE oid = ANY ($3::text[]::regclass[]))
    ) AS dead FROM ${ring.living(slot)}`,
    [until, ring.lifetimeMs, ring.tables.map((table) => `${table}_${slot}`)],
  )
  return rows[0]?.dead === true
}

async function emptySlot(pool: Pool, ring: Ring, slot: number, until: Date): Promise<boolean> {
  const partitions = ring.tables.map((table) => `${table}_${slot}`).join(', ')
  try {
    return await inTransaction(pool, async (client) => {
      // The lock waits for readers of the slot, but never so long that senders queue behind it.
      await client.query("SET LOCAL lock_timeout = '500ms'")
      await client.query(`LOCK TABLE ${partitions} IN ACCESS EXCLUSIVE MODE`)
      if (ring.register !== undefined)
        await client.query(`SELECT FROM ${ring.register} WHERE slot = ${slot} FOR UPDATE`)
      // Somebody may have stored into it, or given something longer to live, while we waited for the lock.
      if (!(await isDead(client, ring, slot, until))) return false
      await client.query(`TRUNCATE ${partitions}`)
      if (ring.register !== undefined)
        await client.query(
          `DELETE FROM ${ring.register} WHERE slot = ${slot} AND expires_at <= $1`,
          [until],
        )
      return true
    })
  } catch (error) {
    // Somebody is still reading. The next sweep tries again.
    if (error instanceof Error && 'code' in error && error.code === '55P03') return false
    throw error
  }
}
