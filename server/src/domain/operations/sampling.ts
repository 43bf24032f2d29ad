import { errorFields, type Log } from '../../observability/log.ts'
import type { ProcessFigures } from '../../store/samples.ts'
import type { Store } from '../../store/store.ts'

const sampleEveryMs = 1000

/** Says once a second how this process does. Whoever is the first in a second also measures what waits, for all of them. */
export function startSampling(options: {
  readonly store: Pick<Store, 'samples' | 'waiting' | 'clock'>
  readonly serverId: number
  readonly log: Log
  readFigures(): ProcessFigures
}): { stop(): Promise<void> } {
  const { store, serverId, log } = options
  const startedAt = new Date(store.clock.now())
  let running: Promise<void> | null = null
  let failing = false

  const sample = async () => {
    try {
      const second = await store.samples.write({
        ...{ serverId, startedAt },
        figures: options.readFigures(),
      })
      if (second !== null) await store.waiting.measure(second)
      failing = false
    } catch (error) {
      if (!failing) log.warn('sample-not-written', errorFields(error))
      failing = true
    }
  }

  const timer = setInterval(() => {
    // A slow database must not collect a queue of samples.
    running ??= sample().finally(() => {
      running = null
    })
  }, sampleEveryMs)

  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
