import type { Rate } from '../domain/limits.ts'

/** What one socket may do to the server. Operations and subscriptions are in domain/limits.ts, where clients can read them. */
export const socketLimits = {
  fragments: 64,
  bufferedChunks: 1024,
  /** Pings and pongs that nobody asked for. */
  control: { burst: 20, perSecond: 1 } satisfies Rate,
  /** Refusals that a client ignores before it is shown the door. */
  refusals: 100,
  initWithinMs: 3000,
  closeWithinMs: 5000,
  /** Nothing heard for this long: ask. */
  pingAfterSeconds: 10,
  /** Still nothing heard: gone. */
  goneAfterSeconds: 15,
  /** Bytes that wait for a client before we stop making more for it. */
  highWaterBytes: 1024 * 1024,
  slowBytes: 4 * 1024 * 1024,
  slowAfterSeconds: 10,
  /** Bytes wait and nothing is heard at all. */
  stuckAfterSeconds: 30,
} as const

export interface Allowance {
  /** False when the rate is passed. */
  take(): boolean
}

export function createAllowance({ burst, perSecond }: Rate): Allowance {
  let tokens = burst
  let filledAt = performance.now()
  return {
    take() {
      // The clock is read only when the bucket seems empty: this runs for every message.
      if (tokens < 1) {
        const now = performance.now()
        tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond)
        filledAt = now
        if (tokens < 1) return false
      }
      tokens -= 1
      return true
    },
  }
}
