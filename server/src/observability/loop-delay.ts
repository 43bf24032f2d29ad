import { monitorEventLoopDelay } from 'node:perf_hooks'

const resolutionMs = 20

/** How late the event loop was with its timers. */
export interface LoopDelay {
  /** Since it was last asked. */
  takeP99Ms(): number
  stop(): void
}

export function measureLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
  histogram.enable()
  return {
    takeP99Ms() {
      // What is recorded is the time from one timer to the next: the delay is what exceeds the time it was set to.
      const p99Ms = histogram.percentile(99) / 1e6 - resolutionMs
      histogram.reset()
      return Math.max(0, Math.round(p99Ms * 10) / 10)
    },
    stop: () => void histogram.disable(),
  }
}
