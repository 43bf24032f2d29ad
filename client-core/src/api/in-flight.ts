/** Lends at most `max` places at a time; who comes later waits in order. */
export function limitInFlight(max: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = max

  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      // Handed over rather than given back, so that nobody slips in between.
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
