import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * How often a timer looks how late it is. Each look wakes the process: 10 ms of CPU a second with the 10 ms that prom-client
 * would take, 2 with these. What is worth an alert lasts longer.
 */
export const loopDelayResolutionMs = 50

/** How late the event loop was with its timers. */
export interface LoopDelay {
  /** Since it was last asked. */
  takeP99Ms(): number
  stop(): void
}

export function measureLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: loopDelayResolutionMs })
  histogram.enable()
  return {
    takeP99Ms() {
      // What is recorded is the time from one timer to the next: the delay is what exceeds the time it was set to.
      const p99Ms = histogram.percentile(99) / 1e6 - loopDelayResolutionMs
      histogram.reset()
      return Math.max(0, Math.round(p99Ms * 10) / 10)
    },
    stop: () => void histogram.disable(),
  }
}
