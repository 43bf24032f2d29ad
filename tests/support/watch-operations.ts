import type { RawAnswer } from './ask-over-http.ts'
import { openRawClient } from './raw-client.ts'
import { deadlineMs } from './until.ts'

/** As much of the operations as tests look at. */
export interface Seen {
  readonly at: string
  readonly answeredBy: number
  readonly verdict: { readonly state: string; readonly sentence: string }
  readonly balancer: { readonly isUp: boolean }
  readonly servers: readonly {
    readonly id: number
    readonly condition: string
    readonly rank: number | null
    readonly sockets: number
    readonly drain: { readonly by: string; readonly reason: string | null } | null
  }[]
  readonly waiting: {
    readonly messages: number
    readonly bytes: number
    readonly oldestMs: number | null
    readonly limitMs: number
    readonly ages: readonly { readonly messages: number }[]
    readonly recipientCount: number
    readonly recipients: readonly {
      readonly recipient: string
      readonly messages: number
      readonly bytes: number
    }[]
  }
  readonly outcomes: {
    readonly atOnce: number
    readonly fromStore: number
    readonly expired: number
  }
  readonly alerts: readonly { readonly kind: string; readonly serverId: number | null }[]
}

export const seenFields = `at answeredBy verdict { state sentence } balancer { isUp }
  servers { id condition rank sockets drain { by reason } }
  waiting { messages bytes oldestMs limitMs ages { messages } recipientCount recipients { recipient messages bytes } }
  outcomes { atOnce fromStore expired } alerts { kind serverId }`

export interface OperationsWatch {
  latest(): Seen
  /** Now, for `untilTold`: what is told from here on counts, also while the test does something else. */
  mark(): number
  /**
   * Resolves when it is told, with how long that took from now, less what this machine was late by: telling takes time, and a
   * machine that has no time to spare is not what is tested.
   */
  untilTold(
    what: string,
    isTold: (seen: Seen) => boolean,
    mark?: number,
  ): Promise<{ readonly seen: Seen; readonly tookMs: number }>
  close(): void
}

const intervalMs = 500

/** What an operator's screen is told, from one server. */
export async function watchOperations(url: string, token: string): Promise<OperationsWatch> {
  const client = await openRawClient(url, token)
  const first = Promise.withResolvers<Seen>()
  const listeners = new Set<(seen: Seen) => void>()
  const told: Seen[] = []
  let lateMs = 0
  let cameAt = performance.now()
  const isClosed = client.listen(
    `subscription { operations(intervalMs: ${intervalMs}) { ${seenFields} } }`,
    {},
    (answer: RawAnswer) => {
      const now = performance.now()
      // The desk looks once a second: what comes later than that was held up.
      lateMs += Math.max(0, now - cameAt - 1100)
      cameAt = now
      if (answer.data == null) return first.reject(new Error(JSON.stringify(answer.errors)))
      const seen = answer.data.operations as Seen
      told.push(seen)
      first.resolve(seen)
      for (const listener of [...listeners]) listener(seen)
    },
  )
  isClosed.catch(() => {})
  await first.promise

  return {
    latest: () => told.at(-1) as Seen,
    mark: () => told.length,
    untilTold(what, isTold, mark = told.length - 1) {
      const [began, lateBefore] = [performance.now(), lateMs]
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          listeners.delete(look)
          reject(new Error(`Never told: ${what}. The last was ${JSON.stringify(told.at(-1))}`))
        }, deadlineMs)
        const look = (seen: Seen) => {
          if (!isTold(seen)) return
          clearTimeout(timer)
          listeners.delete(look)
          resolve({ seen, tookMs: performance.now() - began - (lateMs - lateBefore) })
        }
        listeners.add(look)
        for (const seen of told.slice(mark)) look(seen)
      })
    },
    close: () => client.close(),
  }
}
