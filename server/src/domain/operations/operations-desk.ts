import { errorFields, type Log } from '../../observability/log.ts'
import type { ProcessSample } from '../../store/samples.ts'
import type { Store } from '../../store/store.ts'
import type { SweeperState, WaitingSample } from '../../store/waiting.ts'
import type { Balancer } from '../balancing/balancer.ts'
import type { ServerIdentity } from '../deps.ts'
import { historySeconds } from './axis.ts'
import { buildOperations } from './build-operations.ts'
import type { Operations } from './operations.ts'
import type { Pseudonyms } from './recipient-pseudonym.ts'

/** One look at everything for all operators who look here. Nothing runs while nobody does. */
export interface OperationsDesk {
  /** As it is now; at most half a second old. */
  look(): Promise<Operations>
  /** As it is after something was done. */
  lookAgain(): Promise<Operations>
  /**
   * Calls back at once, then about once a second, and sooner when a server has changed its state, until the returned function
   * is called. An outage of the database is told as such.
   */
  follow(listener: (operations: Operations) => void): () => void
  close(): void
}

const refreshEveryMs = 1000
const freshForMs = 500
/** A glance at what the pings say costs nothing. */
const glanceEveryMs = 200
/** Read again, because what is written at this moment may not be seen yet. */
const overlapSeconds = 3

export function createOperationsDesk(options: {
  readonly store: Pick<Store, 'samples' | 'waiting' | 'clock'>
  readonly balancer: Pick<Balancer, 'look' | 'measure'>
  readonly server: ServerIdentity
  readonly pseudonyms: Pseudonyms
  readonly sweepEveryMs: number
  readonly log: Log
}): OperationsDesk {
  const { store, balancer, server, pseudonyms, log } = options
  const listeners = new Set<(operations: Operations) => void>()
  let samples: readonly ProcessSample[] = []
  let waiting: readonly WaitingSample[] = []
  let sweeper: SweeperState = {
    lastRunAt: null,
    lastExpired: 0,
    lastTookMs: 0,
    lastTruncatedAt: null,
  }
  let balancerSeenAt: Date | null = null
  let readAt = 0
  let latest: Operations | null = null
  let refreshing: Promise<Operations> | null = null
  let timer: NodeJS.Timeout | null = null
  let refreshedAt = Number.NEGATIVE_INFINITY
  let states = ''
  let failing = false

  async function read(): Promise<void> {
    const now = store.clock.now()
    const seconds = Math.min(historySeconds, Math.ceil((now - readAt) / 1000) + overlapSeconds)
    const [newSamples, newWaiting, newSweeper] = await Promise.all([
      store.samples.listSamples(seconds),
      store.waiting.listSamples(seconds),
      store.waiting.findSweeper(),
    ])
    readAt = now
    const oldest = now - (historySeconds + overlapSeconds) * 1000
    samples = merge(samples, newSamples, keyOfSample).filter(({ at }) => at.getTime() > oldest)
    waiting = merge(waiting, newWaiting, ({ second }) => second).filter(
      ({ second }) => second * 1000 > oldest,
    )
    sweeper = newSweeper
    const latestOfBalancer = samples.filter(({ serverId }) => serverId === 0).at(-1)?.at
    balancerSeenAt = latestOfBalancer ?? (await store.samples.findLastSeen(0))
  }

  async function refresh(): Promise<Operations> {
    let databaseAnswers = true
    try {
      await read()
      failing = false
    } catch (error) {
      databaseAnswers = false
      if (!failing) log.warn('operations-unreadable', errorFields(error))
      failing = true
    }
    const { servers } = await balancer.look()
    states = stateText(servers)
    const at = new Date(store.clock.now())
    latest = buildOperations({
      ...{ at, databaseAnswers, servers, samples, waiting, sweeper, balancerSeenAt },
      answeredBy: server.id,
      messageTtlMs: server.messageTtlMs,
      sweepEveryMs: options.sweepEveryMs,
      nameRecipient: (clientId) => pseudonyms.of(clientId, at.getTime()),
    })
    refreshedAt = performance.now()
    return latest
  }

  const refreshOnce = () => {
    refreshing ??= refresh().finally(() => {
      refreshing = null
    })
    return refreshing
  }

  async function glance(): Promise<void> {
    const isDue = performance.now() - refreshedAt >= refreshEveryMs
    if (!isDue && stateText((await balancer.look()).servers) === states) return
    const operations = await refreshOnce()
    for (const listener of [...listeners]) listener(operations)
  }

  const look = async () => {
    const isFresh = performance.now() - refreshedAt < freshForMs
    return latest !== null && isFresh ? latest : refreshOnce()
  }

  const stop = () => {
    if (timer !== null) clearInterval(timer)
    timer = null
  }

  return {
    look,
    async lookAgain() {
      await refreshing
      await balancer.measure()
      return refreshOnce()
    },
    follow(listener) {
      listeners.add(listener)
      void look().then((operations) => listeners.has(listener) && listener(operations))
      let running = false
      timer ??= setInterval(() => {
        if (running) return
        running = true
        void glance().finally(() => {
          running = false
        })
      }, glanceEveryMs).unref()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) stop()
      }
    },
    close() {
      listeners.clear()
      stop()
    },
  }
}

const keyOfSample = ({ serverId, at }: ProcessSample) => `${serverId}/${at.getTime()}`

function merge<T>(known: readonly T[], read: readonly T[], keyOf: (item: T) => unknown): T[] {
  const merged = new Map(known.map((item) => [keyOf(item), item]))
  for (const item of read) merged.set(keyOf(item), item)
  return [...merged.values()]
}

function stateText(servers: readonly { readonly id: number; readonly state: string }[]): string {
  return servers
    .map(({ id, state }) => `${id}${state}`)
    .toSorted()
    .join()
}
