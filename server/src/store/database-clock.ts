import type { Pool } from 'pg'

/**
 * The database's clock, read without asking it each time: the only clock that decides what has expired. The server's own
 * clock may be wrong by hours; only its monotonic one is used, to count on from the last reading.
 */
export interface DatabaseClock {
  now(): number
  /** Reads it again, and trusts the reading by half of the time it took. Throws when the database does not answer. */
  synchronize(): Promise<void>
}

export function createDatabaseClock(pool: Pool): DatabaseClock {
  let offset = Date.now() - performance.now()
  return {
    now: () => performance.now() + offset,
    async synchronize() {
      const asked = performance.now()
      const { rows } = await pool.query<{ ms: number }>(
        'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
      )
      const answered = performance.now()
      offset = (rows[0]?.ms ?? 0) - (asked + answered) / 2
    },
  }
}
