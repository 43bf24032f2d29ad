import type { Deps } from '../deps.ts'
import { UnauthenticatedError } from '../errors.ts'
import type { Operations } from './operations.ts'
import type { Operator } from './operator.ts'

/** Enough for a screen; an operator on a slow line asks for less. */
export const intervalBounds = { leastMs: 500, mostMs: 60_000, usualMs: 1000 } as const

/** Timers are late, never early: what is due within this is due. */
const slackMs = 150

/** The last one may be why there are no more: a stream that failed could not say so on every transport. */
export type Told = Operations | UnauthenticatedError

/** The operations again and again, for as long as the operator's session is open. A change of verdict does not wait. */
export function followOperations(
  { desk, store }: Pick<Deps, 'desk' | 'store'>,
  operator: Operator,
  intervalMs: number,
): AsyncIterableIterator<Told> {
  let latest: Operations | null = null
  let told: Operations | null = null
  let toldAt = Number.NEGATIVE_INFINITY
  let wake: (() => void) | null = null
  let ended = false
  const stopFollowing = desk.follow((operations) => {
    latest = operations
    wake?.()
  })

  const isDue = () =>
    latest !== null &&
    latest !== told &&
    (performance.now() - toldAt >= intervalMs - slackMs ||
      latest.verdict.sentence !== told?.verdict.sentence)

  const end = () => {
    ended = true
    stopFollowing()
    wake?.()
  }

  // Not a generator: one that waits for its source cannot be ended before the source says something.
  const iterator: AsyncIterableIterator<Told> = {
    async next() {
      while (!ended) {
        if (latest !== null && isDue()) {
          told = latest
          toldAt = performance.now()
          if (!(await mayGoOn(told))) {
            end()
            return { done: false, value: new UnauthenticatedError() }
          }
          return { done: false, value: told }
        }
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = null
      }
      return { done: true, value: undefined }
    },
    async return() {
      end()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator

  /** While the database is away nobody can be signed out either, and its outage is what there is to tell. */
  async function mayGoOn({ verdict, at }: Operations): Promise<boolean> {
    if (at >= operator.expiresAt) return false
    if (verdict.state === 'DOWN')
      return store.operators.isSessionOpen(operator.sessionId).catch(() => true)
    return store.operators.isSessionOpen(operator.sessionId)
  }
}
