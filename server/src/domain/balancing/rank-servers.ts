import type { DrainOrder, RegisteredServer } from '../../store/servers.ts'
import type { PingRecord, PingSample } from './ping-record.ts'

export type ServerState = 'UP' | 'DRAINING' | 'DOWN'

export interface RankedServer {
  readonly id: number
  readonly url: string
  readonly state: ServerState
  /** 1 is the best. Null: not to be used now. */
  readonly rank: number | null
  readonly pingMs: number | null
  readonly score: number | null
  readonly sockets: number
  readonly recentPicks: number
  readonly pingHistory: readonly PingSample[]
  readonly version: string
  readonly startedAt: Date
  /** Set while an operator wants it drained. */
  readonly drain: DrainOrder | null
}

/** Five missed heartbeats. */
export const staleAfterMs = 5000

/** What one client sent to a server since its last ping adds to its score: enough to spread a second's arrivals. */
const pickMs = 1
/** What a connected client adds, compared with the emptiest server. */
const socketMs = 0.05
/** A freshly started, empty server is preferred by this much at most: it is not to get everybody at once. */
const loadCapMs = 10

/** Best first. The score is the smoothed ping plus what was handed out since; draining, dead and stale ones have no rank. */
export function rankServers(
  registered: readonly RegisteredServer[],
  records: ReadonlyMap<number, PingRecord>,
): readonly RankedServer[] {
  const seen = registered.map((server) => {
    const record = records.get(server.id)
    const pingMs = record?.smoothedMs() ?? null
    return { server, record, pingMs, state: stateOf(server, pingMs) }
  })
  const usable = seen.filter(({ state }) => state === 'UP')
  const fewest = Math.min(...usable.map(({ record }) => record?.sockets() ?? 0))

  const scored = seen.map(({ server, record, pingMs, state }): Omit<RankedServer, 'rank'> => {
    const sockets = record?.sockets() ?? server.sockets
    const recentPicks = record?.recentPicks() ?? 0
    const loadMs = Math.min(loadCapMs, (sockets - fewest) * socketMs)
    return {
      id: server.id,
      url: server.url,
      state,
      pingMs,
      score: state === 'UP' && pingMs !== null ? pingMs + loadMs + recentPicks * pickMs : null,
      sockets,
      recentPicks,
      pingHistory: record?.history() ?? [],
      version: server.version,
      startedAt: server.startedAt,
      drain: server.drain,
    }
  })
  return scored
    .toSorted((a, b) => (a.score ?? Infinity) - (b.score ?? Infinity) || a.id - b.id)
    .map((server, index) => ({ ...server, rank: server.score === null ? null : index + 1 }))
}

function stateOf(server: RegisteredServer, pingMs: number | null): ServerState {
  if (!isFresh(server) || server.state === 'DOWN') return 'DOWN'
  if (server.state === 'DRAINING') return 'DRAINING'
  return pingMs === null ? 'DOWN' : 'UP'
}

export function isFresh(server: RegisteredServer): boolean {
  return server.heartbeatAgeMs < staleAfterMs
}
