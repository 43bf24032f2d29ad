import { percentile } from './rates.ts'

/** So many times what is usual among the others. */
const slowFactor = 5
/** Below this nobody notices, whatever the others manage. */
const noticeableMs = 50
/** Of the latest pings, so many have to be slow: one hiccup is none, and what is over is over. */
const latest = 10
const slowOfLatest = 3
const windowSeconds = 60

export interface PingedServer {
  readonly id: number
  /** Oldest first; null: no answer. */
  readonly pings: readonly (number | null)[]
}

export interface SlowServer {
  readonly pingP99Ms: number
  /** What the others manage, nine times of ten. */
  readonly othersP90Ms: number
  /** Seconds since it was last as quick as the others, as far as is known. */
  readonly forSeconds: number
}

export function p99Of(pings: readonly (number | null)[]): number | null {
  return percentile(answered(pings), 0.99)
}

export function p50Of(pings: readonly (number | null)[]): number | null {
  return percentile(answered(pings), 0.5)
}

function answered(pings: readonly (number | null)[]): number[] {
  return pings.slice(-windowSeconds).filter((ping) => ping !== null)
}

/** Null while it is not slow. Compared with the others, because a machine that is slow for all is another trouble. */
export function findSlowness(
  server: PingedServer,
  others: readonly PingedServer[],
): SlowServer | null {
  const pingP99Ms = p99Of(server.pings)
  // Not their p99: of sixty pings that is the worst, and one hiccup of another server would hide this one for a minute.
  const usual = others.map(({ pings }) => percentile(answered(pings), 0.9))
  const othersP90Ms = percentile(
    usual.filter((p90) => p90 !== null),
    0.5,
  )
  if (pingP99Ms === null || othersP90Ms === null) return null
  const border = Math.max(noticeableMs, slowFactor * othersP90Ms)
  const isSlow = (ping: number | null) => ping !== null && ping > border
  if (pingP99Ms <= border || server.pings.slice(-latest).filter(isSlow).length < slowOfLatest)
    return null
  return { pingP99Ms, othersP90Ms, forSeconds: slowFor(server.pings, isSlow) }
}

/** Back to the last ten seconds in which it was not slow. */
function slowFor(
  pings: readonly (number | null)[],
  isSlow: (ping: number | null) => boolean,
): number {
  let first = pings.length
  for (let end = pings.length; end > 0; end -= 1) {
    const window = pings.slice(Math.max(0, end - latest), end)
    if (!window.some(isSlow)) break
    if (isSlow(pings[end - 1] ?? null)) first = end - 1
  }
  return pings.length - first
}
