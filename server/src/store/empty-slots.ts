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
  for (const slot of await findDead(pool, ring, slots, until))
    if (await emptySlot(pool, ring, slot, until)) emptied.push(slot)
  return emptied
}

/** A statement that failed leaves bytes and no row to tell of them: a slot without rows is dead when nobody writes to it. */
async function findDead(
  database: Pick<Pool, 'query'>,
  ring: Ring,
  among: readonly number[],
  until: Date,
): Promise<number[]> {
  const isDead = (slot: number) => `
    SELECT ${slot} AS slot, coalesce(
      max(expires_at) <= $1,
      msg_slot(clock_timestamp(), $2::int) <> ${slot}
        AND msg_slot(clock_timestamp() - ${statementEnds}, $2::int) <> ${slot}
        AND (SELECT bool_or(greatest(pg_relation_size(oid), pg_relation_size(nullif(reltoastrelid, 0))) > 0)
          FROM pg_class WHERE oid = ANY (ARRAY[${ring.tables.map((table) => `'${table}_${slot}'`)}]::regclass[]))
    ) AS is_dead FROM ${ring.living(slot)}`
  const { rows } = await database.query<{ slot: number }>({
    name: `dead-slots-${ring.tables[0]}-${among.join('')}`,
    text: `SELECT slot FROM (${among.map(isDead).join(' UNION ALL ')}) AS every_slot WHERE is_dead ORDER BY slot`,
    values: [until, ring.lifetimeMs],
  })
  return rows.map(({ slot }) => slot)
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
      if ((await findDead(client, ring, [slot], until)).length === 0) return false
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
