/** Time and chance as the client sees them; `testing/` has ones that obey a test. */
export interface Clock {
  /** The device's own idea of the time: for showing and for ids, never for deciding expiry. */
  nowMs(): number
  /** Never goes back and does not jump when somebody sets the clock. */
  monotonicMs(): number
  /** Calls back once after the time. Returns a function that calls it off. */
  after(delayMs: number, callback: () => void): () => void
}

/** A number from 0 up to, not including, 1. */
export type Random = () => number

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

export const systemRandom: Random = () => Math.random()
