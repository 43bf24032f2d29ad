import type { Whole } from '../../observability/readings.ts'
import type { Store } from '../../store/store.ts'

/** For Prometheus, which any process may be asked by. */
export async function readWhole(
  { waiting }: Pick<Store, 'waiting'>,
  lifetimeMs: number,
): Promise<Whole | null> {
  const [samples, sweeper] = await Promise.all([waiting.listSamples(30), waiting.findSweeper()])
  const latest = samples.toSorted((a, b) => b.second - a.second)[0]?.figures
  if (latest === undefined) return null
  return {
    waitingMessages: latest.messages,
    waitingBytes: latest.bytes,
    oldestMs: latest.oldestMs,
    lifetimeMs,
    sweptAt: sweeper.lastRunAt,
  }
}
