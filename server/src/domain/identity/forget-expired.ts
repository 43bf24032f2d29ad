import type { Deps } from '../deps.ts'
import { limits, type Rates } from '../limits.ts'

/** Removes what has lost its meaning with time. Any server may do it, at any time; about once a minute is enough. */
export async function forgetExpired({
  store,
  rates,
}: Pick<Deps, 'store' | 'rates'>): Promise<void> {
  await store.signIns.deleteExpired()
  await store.attempts.deleteOlderThan(limits.signInForgetMs)
  await store.rateLimits.deleteIdle(slowestRefillMs(rates))
  await store.sessions.deleteEnded()
  await store.operators.deleteEnded()
  await store.servers.deleteSilent(limits.serverForgetMs)
  await store.groups.deleteLeft(limits.groupForgetMs)
}

/** After this long every bucket is full again, and a forgotten one begins full. */
function slowestRefillMs(rates: Rates): number {
  return Math.max(...Object.values(rates).map(({ burst, perSecond }) => (burst / perSecond) * 1000))
}
