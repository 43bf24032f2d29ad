import type { Random } from './clock.ts'

const baseMs = 500
const capMs = 20_000

/**
 * Full jitter: anything from nothing to a limit that doubles with each attempt. When a server dies,
 * its thousand clients come back spread over the time and not all at once.
 */
export function backoffMs(attempt: number, random: number): number {
  return Math.floor(random * Math.min(capMs, baseMs * 2 ** attempt))
}

/** As long as the server asked for and a little more, so that not all come back at that moment. */
export function askedDelayMs(retryAfterMs: number, random: Random): number {
  return Math.ceil(retryAfterMs + random() * baseMs)
}
