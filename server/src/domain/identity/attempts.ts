import type { Deps } from '../deps.ts'
import { RateLimitedError, TooManyAttemptsError } from '../errors.ts'
import { limits } from '../limits.ts'
import { takeRate } from '../rate-limit.ts'

const rule = {
  freeTries: limits.signInTries,
  firstWaitMs: limits.signInWaitMs,
  maxWaitMs: limits.signInMaxWaitMs,
  forgetMs: limits.signInForgetMs,
}

type Counting = Pick<Deps, 'store' | 'rates'>

/** A name and where it is tried from: a stranger's failures elsewhere keep nobody out. */
export function attemptKeyOf(username: string, network: string): string {
  return `${username}|${network}`
}

/**
 * Counts a try before it is made, because a wrong password is noticed by the client, which then never comes back.
 * Returns how many tries are left should this one fail. Names that do not exist are counted alike.
 */
export async function countTry(
  deps: Counting,
  username: string,
  network: string,
): Promise<{ readonly attemptKey: string; readonly attemptsLeft: number }> {
  const attemptKey = attemptKeyOf(username, network)
  const tried = await deps.store.attempts.countTry(attemptKey, rule)
  if (tried.kind === 'blocked') throw new TooManyAttemptsError(tried.retryAfterMs)
  try {
    await takeGuess(deps, username)
  } catch (error) {
    await deps.store.attempts.takeBackTry(attemptKey)
    throw error instanceof RateLimitedError ? new TooManyAttemptsError(error.retryAfterMs) : error
  }
  return { attemptKey, attemptsLeft: attemptsLeftAfter(tried.failures) }
}

/** Bounds what all networks together may learn about the password behind a name. */
export function takeGuess(deps: Counting, username: string): Promise<void> {
  return takeRate(deps, 'guess', username)
}

export async function findAttemptsLeft(
  { store }: Pick<Deps, 'store'>,
  attemptKey: string,
): Promise<number> {
  return attemptsLeftAfter(await store.attempts.findFailures(attemptKey))
}

function attemptsLeftAfter(failures: number): number {
  return Math.max(0, limits.signInTries - failures)
}
