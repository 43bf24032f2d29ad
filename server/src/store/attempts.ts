import type { Database } from './database.ts'

export interface AttemptRule {
  /** Tries before the first wait. At least 2. */
  readonly freeTries: number
  /** The first wait; each further failure doubles it, up to `maxWaitMs`. */
  readonly firstWaitMs: number
  readonly maxWaitMs: number
  /** After this long without a try, and after the last wait, the failures are forgotten. */
  readonly forgetMs: number
}

export type CountedTry =
  | { readonly kind: 'counted'; readonly failures: number }
  | { readonly kind: 'blocked'; readonly retryAfterMs: number }

export interface AttemptStore {
  /** Counts a try as failed before it is made: parallel requests and other servers cannot slip past. */
  countTry(key: string, rule: AttemptRule): Promise<CountedTry>
  /** Uncounts a try that was never made. */
  takeBackTry(key: string): Promise<void>
  findFailures(key: string): Promise<number>
  deleteAttempts(key: string): Promise<void>
  deleteOlderThan(ageMs: number): Promise<void>
}

export function createAttemptStore({ pool }: Database): AttemptStore {
  return {
    async countTry(key, { freeTries, firstWaitMs, maxWaitMs, forgetMs }) {
      const { rows } = await pool.query<{ failures: number }>(
        `INSERT INTO attempts AS a (key, failures, updated_at) VALUES ($1, 1, clock_timestamp())
         ON CONFLICT (key) DO UPDATE SET
           (failures, blocked_until, updated_at) = (
             SELECT n, CASE WHEN n >= $2::int THEN clock_timestamp()
               + least($3::float8 * 2 ^ least(n - $2::int, 30), $4::float8) * interval '1 millisecond' END, clock_timestamp()
             FROM (SELECT CASE WHEN coalesce(a.blocked_until, a.updated_at) + $5::float8 * interval '1 millisecond'
               < clock_timestamp() THEN 1 ELSE a.failures + 1 END AS n) AS next)
         WHERE a.blocked_until IS NULL OR a.blocked_until <= clock_timestamp()
         RETURNING failures`,
        [key, freeTries, firstWaitMs, maxWaitMs, forgetMs],
      )
      const [counted] = rows
      if (counted !== undefined) return { kind: 'counted', failures: counted.failures }
      return { kind: 'blocked', retryAfterMs: await findWaitMs(key) }
    },

    async takeBackTry(key) {
      await pool.query(
        'UPDATE attempts SET failures = greatest(failures - 1, 0), blocked_until = NULL WHERE key = $1',
        [key],
      )
    },

    async findFailures(key) {
      const { rows } = await pool.query<{ failures: number }>(
        'SELECT failures FROM attempts WHERE key = $1',
        [key],
      )
      return rows[0]?.failures ?? 0
    },

    async deleteAttempts(key) {
      await pool.query('DELETE FROM attempts WHERE key = $1', [key])
    },

    async deleteOlderThan(ageMs) {
      await pool.query(
        `DELETE FROM attempts
         WHERE coalesce(blocked_until, updated_at) < clock_timestamp() - $1 * interval '1 millisecond'`,
        [ageMs],
      )
    },
  }

  async function findWaitMs(key: string): Promise<number> {
    const { rows } = await pool.query<{ wait_ms: number }>(
      `SELECT ceil(extract(epoch FROM blocked_until - clock_timestamp()) * 1000)::int AS wait_ms
       FROM attempts WHERE key = $1`,
      [key],
    )
    // At least 1: the wait may have ended between the two statements.
    return Math.max(1, rows[0]?.wait_ms ?? 1)
  }
}
