/** Does the work of all items, at most `max` at a time. After a failure nothing more is begun. */
export async function eachInFlight<T>(
  items: readonly T[],
  max: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values()
  let hasFailed = false
  const worker = async () => {
    for (const item of waiting) {
      if (hasFailed) return
      try {
        await work(item)
      } catch (error) {
        hasFailed = true
        throw error
      }
    }
  }
  const workers = await Promise.allSettled(Array.from({ length: max }, worker))
  // Only now, so that nothing of a failed attempt is still under way when the next one begins.
  for (const ended of workers) if (ended.status === 'rejected') throw ended.reason
}
