import type { Log } from '../observability/log.ts'
import { errorFields } from '../observability/log.ts'
import type { Store } from '../store/store.ts'
import { RateLimitedError } from './errors.ts'
import type { Rate, RateName } from './limits.ts'
import { bucketOf } from './rate-limit.ts'

export interface LeasedLimiter {
  /** Takes one token for a key, or throws `RateLimitedError`. */
  take(key: string): Promise<void>
}

export interface LeasedLimiterOptions {
  readonly rateLimits: Store['rateLimits']
  readonly log: Log
  readonly name: RateName
  readonly rate: Rate
  /** Tokens taken from the shared bucket at once. */
  readonly leaseSize?: number
  /** Tokens not used for this long are given up. */
  readonly idleMs?: number
  readonly maxKeys?: number
  /** How long leases that run low wait for others. */
  readonly gatherMs?: number
  readonly now?: () => number
}

interface Lease {
  tokens: number
  usedAt: number
  /** Nothing is asked of the database before this. */
  refusedUntil: number
  refill: Promise<void> | null
}

/**
 * A limit for what happens with every message: tokens are leased from the shared bucket some at a time, so that one database
 * call serves many. Whoever goes on is leased more before the last is used, together with all that run low about then: nobody
 * waits for it, and a busy server asks a few times a second however many send. When the database does not answer it lets
 * through: the send itself will then say what is wrong.
 */
export function createLeasedLimiter(options: LeasedLimiterOptions): LeasedLimiter {
  const { rateLimits, log, name, rate, leaseSize = 20, idleMs = 10_000, maxKeys = 10_000 } = options
  const { gatherMs = 250, now = Date.now } = options
  const leases = new Map<string, Lease>()
  const runLow = new Set<string>()

  return {
    async take(key) {
      const lease = leaseOf(key)
      while (lease.tokens === 0) {
        const waitMs = lease.refusedUntil - now()
        if (waitMs > 0) throw new RateLimitedError(Math.ceil(waitMs))
        lease.refill ??= refill(key, lease).finally(() => {
          lease.refill = null
        })
        await lease.refill
      }
      lease.tokens -= 1
      if (lease.tokens <= leaseSize / 2 && lease.refill === null && !runLow.has(key)) {
        if (runLow.size === 0) setTimeout(refillLow, gatherMs).unref()
        runLow.add(key)
      }
    },
  }

  function leaseOf(key: string): Lease {
    const known = leases.get(key)
    const isIdle = known !== undefined && known.refill === null && now() - known.usedAt > idleMs
    const lease =
      known === undefined || isIdle
        ? { tokens: 0, usedAt: 0, refusedUntil: 0, refill: null }
        : known
    lease.usedAt = now()
    // The last used comes last, so the first one is the one to give up.
    leases.delete(key)
    leases.set(key, lease)
    const [oldest] = leases.keys()
    if (leases.size > maxKeys && oldest !== undefined) leases.delete(oldest)
    return lease
  }

  function refillLow(): void {
    const low: { key: string; lease: Lease }[] = []
    for (const key of runLow) {
      const lease = leases.get(key)
      if (lease !== undefined && lease.refill === null && lease.tokens <= leaseSize / 2)
        low.push({ key, lease })
    }
    runLow.clear()
    if (low.length === 0) return
    const buckets = low.map(({ key }) => bucketOf(name, rate, key))
    const refill = rateLimits.takeTokensOfEach(buckets, leaseSize).then(
      (granted) => {
        for (const [index, { lease }] of low.entries()) lease.tokens += granted[index] ?? 0
      },
      () => {}, // Whoever has none left asks again, and says what is wrong.
    )
    for (const { lease } of low)
      lease.refill = refill.finally(() => {
        lease.refill = null
      })
  }

  async function refill(key: string, lease: Lease): Promise<void> {
    const bucket = bucketOf(name, rate, key)
    try {
      lease.tokens = await rateLimits.takeTokens(bucket, leaseSize)
      if (lease.tokens === 0) lease.refusedUntil = now() + (await rateLimits.findWaitMs(bucket))
    } catch (error) {
      log.warn('limiter-unavailable', { limiter: name, ...errorFields(error) })
      lease.tokens = leaseSize
    }
  }
}
