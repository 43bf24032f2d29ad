import type { Deps } from './deps.ts'
import { RateLimitedError } from './errors.ts'
import type { Rate, RateName } from './limits.ts'

/**
 * Takes one token from a bucket that all servers share, or throws `RateLimitedError`.
 * When the database does not answer this throws too: what it guards stays shut.
 */
export async function takeRate(
  { store, rates }: Pick<Deps, 'store' | 'rates'>,
  name: RateName,
  key: string,
): Promise<void> {
  const bucket = bucketOf(name, rates[name], key)
  if ((await store.rateLimits.takeTokens(bucket, 1)) === 1) return
  throw new RateLimitedError(await store.rateLimits.findWaitMs(bucket))
}

export function bucketOf(name: RateName, rate: Rate, key: string) {
  return { key: `${name}:${key}`, burst: rate.burst, perSecond: rate.perSecond }
}
