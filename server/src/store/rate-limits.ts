import type { Database } from './database.ts'

export interface Bucket {
  readonly key: string
  readonly burst: number
  readonly perSecond: number
}

export interface RateLimitStore {
  /** Takes up to `wanted` tokens and returns how many it got: 0 when the bucket is empty. */
  takeTokens(bucket: Bucket, wanted: number): Promise<number>
  /** Milliseconds until the bucket holds a token. */
  findWaitMs(bucket: Bucket): Promise<number>
  /** Forgets buckets nobody took from for this long; they are full again by then. */
  deleteIdle(idleMs: number): Promise<void>
}

export function createRateLimitStore({ pool }: Database): RateLimitStore {
  return {
    async takeTokens({ key, burst, perSecond }, wanted) {
      const { rows } = await pool.query<{ granted: number }>({
        name: 'take-tokens',
        text: 'SELECT take_tokens($1, $2, $3, $4) AS granted',
        values: [key, wanted, burst, perSecond],
      })
      return rows[0]?.granted ?? 0
    },

    async findWaitMs({ key, perSecond }) {
      const { rows } = await pool.query<{ wait_ms: number }>(
        `SELECT ceil(((1 - tokens) / $2::float8 - extract(epoch FROM clock_timestamp() - updated_at)) * 1000)::float8
           AS wait_ms FROM rate_limits WHERE key = $1`,
        [key, perSecond],
      )
      return Math.max(1, rows[0]?.wait_ms ?? 1)
    },

    async deleteIdle(idleMs) {
      await pool.query(
        `DELETE FROM rate_limits WHERE updated_at < clock_timestamp() - $1 * interval '1 millisecond'`,
        [idleMs],
      )
    },
  }
}
