import type { ProcessFigures, ProcessSample } from '../../store/samples.ts'
import type { Axis } from './axis.ts'

export type CountOf = (figures: Partial<ProcessFigures>) => number

/** Longer than this without a sample and it is unknown when it happened. */
const longestGapMs = 10_000

/**
 * What all processes together counted in each second. Processes count from their start and say so about once a second, at
 * moments of their own: what a count grew by is spread evenly over the time in which it did.
 */
export function perSecond(
  processes: readonly (readonly ProcessSample[])[],
  axis: Axis,
  countOf: CountOf,
): number[] {
  const seconds = new Array<number>(axis.length).fill(0)
  for (const samples of processes)
    for (const { fromMs, toMs, growth } of growths(samples, countOf))
      spread(seconds, axis, { fromMs, toMs, growth })
  return seconds
}

/** What a count grew by in the samples at hand. */
export function growthOf(samples: readonly ProcessSample[], countOf: CountOf): number {
  return growths(samples, countOf).reduce((sum, { growth }) => sum + growth, 0)
}

interface Growth {
  readonly fromMs: number
  readonly toMs: number
  readonly growth: number
}

function growths(samples: readonly ProcessSample[], countOf: CountOf): Growth[] {
  return samples.flatMap((sample, index) => {
    const toMs = sample.at.getTime()
    const previous = samples[index - 1]
    const isSame = previous?.startedAt.getTime() === sample.startedAt.getTime()
    // A process that has just started began to count at nothing.
    const fromMs = isSame ? previous.at.getTime() : sample.startedAt.getTime()
    if (toMs <= fromMs || toMs - fromMs > longestGapMs) return []
    const growth = countOf(sample.figures) - (isSame ? countOf(previous.figures) : 0)
    return growth > 0 ? [{ fromMs, toMs, growth }] : []
  })
}

function spread(seconds: number[], axis: Axis, { fromMs, toMs, growth }: Growth): void {
  const first = Math.max(axis.from, Math.floor(fromMs / 1000))
  const last = Math.min(axis.to, Math.ceil(toMs / 1000) - 1)
  for (let second = first; second <= last; second += 1) {
    const overlapMs = Math.min(toMs, (second + 1) * 1000) - Math.max(fromMs, second * 1000)
    const place = second - axis.from
    seconds[place] = (seconds[place] ?? 0) + (growth * overlapMs) / (toMs - fromMs)
  }
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** The nearest rank: a value that was measured, never one between two. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null
}
