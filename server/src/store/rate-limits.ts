import type { Database } from './database.ts'

export interface Bucket {
  readonly key: string
  readonly burst: number
  readonly perSecond: number
}

export interface RateLimitStore {
  /** Takes up to `wanted` tokens and returns how many it got: 0 when the bucket is empty. */
  takeTokens(bucket: Bucket, wanted: number): Promise<number>
  /** The same out of several buckets that are filled alike. Returns what each gave, in their order. */
  takeTokensOfEach(buckets: readonly Bucket[], wanted: number): Promise<readonly number[]>
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

    async takeTokensOfEach(buckets, wanted) {
      const [first] = buckets
      if (first === undefined) return []
      const { rows } = await pool.query<{ key: string; granted: number }>({
        name: 'take-tokens-of-each',
        text: `SELECT key, take_tokens(key, $2, $3, $4) AS granted FROM unnest($1::text[]) AS key`,
        // In one order everywhere: each bucket stays locked until all have given.
        values: [buckets.map(({ key }) => key).sort(), wanted, first.burst, first.perSecond],
      })
      const granted = new Map(rows.map((row) => [row.key, row.granted]))
      return buckets.map(({ key }) => granted.get(key) ?? 0)
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
