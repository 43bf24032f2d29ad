/**
 * Self-clocked batching: what arrives while a batch is under way goes into the next one. An idle store adds no delay, a busy
 * one commits for many at once. What nobody waits for may linger a little, so that more of it goes together.
 */
export type GroupCommit<Item, Result> = (item: Item) => Promise<Result>

export function groupCommit<Item, Result>(options: {
  /** Runs a batch; the results are in the order of the items. When it throws, every item of the batch fails with it. */
  run(items: readonly Item[]): Promise<readonly Result[]>
  maxItems: number
  /** What an item weighs, where some are much more work than others, and what a batch may weigh. One alone always goes. */
  weight?: { of(item: Item): number; max: number }
  /** Batches under way at once. */
  concurrency: number
  /** How long the first of a batch waits for others; 0 if it does not. */
  lingerMs?: number
  /**
   * After a batch of several the next one gathers for twice as long as that one took, at most so long: the busier the store,
   * the larger the batches, and a quiet one rests for a moment that nobody notices. With one batch at a time.
   */
  restAtMostMs?: number
}): GroupCommit<Item, Result> {
  interface Waiting {
    readonly item: Item
    resolve(result: Result): void
    reject(error: unknown): void
  }
  let waiting: Waiting[] = []
  let underWay = 0

  function sizeOfNext(): number {
    const { maxItems, weight } = options
    if (weight === undefined) return maxItems
    let total = 0
    const tooMuch = waiting.slice(0, maxItems).findIndex(({ item }, index) => {
      total += weight.of(item)
      return index > 0 && total > weight.max
    })
    return tooMuch < 0 ? maxItems : tooMuch
  }

  async function runNext(): Promise<void> {
    const size = sizeOfNext()
    const batch = waiting.slice(0, size)
    waiting = waiting.slice(size)
    underWay += 1
    const begun = performance.now()
    try {
      const results = await options.run(batch.map(({ item }) => item))
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    } finally {
      const restMs = Math.min(2 * (performance.now() - begun), options.restAtMostMs ?? 0)
      const isBusy = batch.length > 1 && restMs >= 1
      // A full batch that waits already has nothing to gather.
      if (isBusy && waiting.length < options.maxItems) setTimeout(restEnded, restMs)
      else restEnded()
    }
  }

  function restEnded(): void {
    underWay -= 1
    startMore()
  }

  function startMore(): void {
    while (waiting.length > 0 && underWay < options.concurrency) void runNext()
  }

  let scheduled = false
  const start = () => {
    scheduled = false
    startMore()
  }
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (scheduled || underWay >= options.concurrency) return
      scheduled = true
      if (options.lingerMs) setTimeout(start, options.lingerMs)
      // What arrives in this turn of the event loop (one socket read may hold several operations) shares the batch.
      else setImmediate(start)
    })
}
