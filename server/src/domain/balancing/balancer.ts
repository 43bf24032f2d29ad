import type { Log } from '../../observability/log.ts'
import type { RegisteredServer, ServerStore } from '../../store/servers.ts'
import { createPingRecord, type PingRecord } from './ping-record.ts'
import { isFresh, type RankedServer, rankServers } from './rank-servers.ts'

export interface BalancerView {
  /** Best first; those that are not to be used come last. */
  readonly servers: readonly RankedServer[]
  readonly measuredAt: Date
}

export interface Balancer {
  /** For somebody who will connect to the first one: counts as an arrival there. Answered from memory. */
  pick(): Promise<BalancerView>
  /** The same for somebody who will not connect: counts as nothing. */
  look(): Promise<BalancerView>
  /** A round of pings now, or the one that runs. */
  measure(): Promise<void>
  /** What this process has measured and handed out, for whoever watches. */
  figures(): BalancerFigures
  /** Watches from now on, asked or not. */
  start(): void
  stop(): void
}

export interface BalancerFigures {
  /** By server: the last ping, null where it went unanswered. Empty while nobody asks. */
  readonly pings: Readonly<Record<string, number | null>>
  /** By server: clients that were sent there since the start of this process. */
  readonly picks: Readonly<Record<string, number>>
}

/** One ping through a server's event loop and its database pool. Throws when there is no good answer in time. */
export type Probe = (server: {
  readonly id: number
  readonly url: string
}) => Promise<{ readonly sockets: number }>

export const probeEveryMs = 1000
/** A server that nobody asks stops pinging the others. */
export const stopAfterMs = 60_000

export interface BalancerOptions {
  readonly servers: Pick<ServerStore, 'listServers'>
  readonly probe: Probe
  readonly log: Log
  readonly now?: () => number
  /** Each ping of each server; null: no answer in time. */
  onPing?(id: number, ms: number | null): void
}

export function createBalancer({
  servers,
  probe,
  log,
  now = Date.now,
  onPing,
}: BalancerOptions): Balancer {
  const records = new Map<number, PingRecord>()
  const picks: Record<string, number> = {}
  let registered: readonly RegisteredServer[] = []
  let measuredAt = new Date(0)
  let round: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  let always = false
  let askedAt = 0

  const measure = () => {
    round ??= measureAll().finally(() => {
      round = null
    })
    return round
  }

  const measureAll = async () => {
    try {
      registered = await servers.listServers()
    } catch {
      // Without the registry the servers known so far are still worth a ping: theirs goes through the same database.
      log.debug('registry-unreadable')
    }
    const ids = new Set(registered.map(({ id }) => id))
    for (const id of records.keys()) if (!ids.has(id)) records.delete(id)
    await Promise.all(registered.filter(isFresh).map(measureOne))
    measuredAt = new Date(now())
  }

  const measureOne = async (server: RegisteredServer) => {
    const startedAt = server.startedAt.getTime()
    let record = records.get(server.id)
    // A restarted server is another server: what was measured of the old process says nothing about it.
    if (record === undefined || record.startedAt !== startedAt) {
      record = createPingRecord(startedAt)
      records.set(server.id, record)
    }
    const began = performance.now()
    try {
      const { sockets } = await probe(server)
      record.answered({ at: new Date(now()), pingMs: performance.now() - began, sockets })
    } catch {
      record.missed(new Date(now()))
    }
    onPing?.(server.id, record.lastMs())
  }

  const watch = () => {
    timer ??= setInterval(() => {
      if (always || now() - askedAt < stopAfterMs) void measure()
      else stopWatching()
    }, probeEveryMs).unref()
  }

  const stopWatching = () => {
    if (timer !== null) clearInterval(timer)
    timer = null
    // What is known grows old from here on; the next question measures first.
    measuredAt = new Date(0)
  }

  const look = async () => {
    askedAt = now()
    watch()
    // Everybody who asks before the first round has ended waits for the same round.
    if (measuredAt.getTime() === 0) await measure()
    return { servers: rankServers(registered, records), measuredAt }
  }

  return {
    async pick() {
      const view = await look()
      const best = view.servers.find(({ rank }) => rank === 1)
      if (best !== undefined) {
        records.get(best.id)?.picked()
        picks[best.id] = (picks[best.id] ?? 0) + 1
      }
      return view
    },
    look,
    measure,
    figures: () => ({
      picks,
      pings:
        timer === null
          ? {}
          : Object.fromEntries([...records].map(([id, record]) => [id, record.lastMs()])),
    }),
    start() {
      always = true
      watch()
      void measure()
    },
    stop() {
      always = false
      stopWatching()
    },
  }
}
