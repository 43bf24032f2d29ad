import type { Clock } from './clock.ts'

/** The servers' time, carried on by this device's monotonic clock between two answers. */
export class ServerClock {
  readonly #clock: Clock
  #offsetMs: number | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  observe(serverTimeMs: number): void {
    this.#offsetMs = serverTimeMs - this.#clock.monotonicMs()
  }

  /** In whole milliseconds. Before the first answer, the best guess: this device's own time. */
  nowMs(): number {
    if (this.#offsetMs === undefined) return this.#clock.nowMs()
    // A monotonic clock tells fractions, which no record can hold.
    return Math.floor(this.#offsetMs + this.#clock.monotonicMs())
  }
}
