/** Milliseconds, sorted when asked. */
export interface Latencies {
  add(ms: number): void
  readonly count: number
  percentile(share: number): number
}

export function createLatencies(): Latencies {
  const values: number[] = []
  return {
    add: (ms) => void values.push(ms),
    get count() {
      return values.length
    },
    percentile(share) {
      const sorted = values.toSorted((one, other) => one - other)
      return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
    },
  }
}
