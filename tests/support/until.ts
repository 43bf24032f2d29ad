import { setTimeout as sleep } from 'node:timers/promises'

/** Long enough for a busy machine: a test that is right never waits for it. */
export const deadlineMs = 60_000

/** Resolves with the first answer that is not undefined. For what has no event: rows, processes, files. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  withinMs = deadlineMs,
): Promise<T> {
  const giveUpAt = Date.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > giveUpAt) throw new Error(`Not within ${withinMs} ms: ${what}.`)
    await sleep(50)
  }
}

/** Resolves when the claim is true. */
export async function untilTrue(
  what: string,
  isTrue: () => Promise<boolean> | boolean,
  withinMs = deadlineMs,
): Promise<void> {
  await until(what, async () => ((await isTrue()) ? true : undefined), withinMs)
}
