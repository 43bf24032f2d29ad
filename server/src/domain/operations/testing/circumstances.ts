import type { ProcessFigures, ProcessSample } from '../../../store/samples.ts'
import { axisUntil, historySeconds } from '../axis.ts'
import type { Circumstances } from '../find-alerts.ts'
import { totalsHistory } from '../totals-history.ts'

export const now = new Date('2026-11-22T12:00:00.500Z')

type Server = Circumstances['servers'][number]

/** A second after the other, the last one a moment ago. */
export function samples(
  serverId: number,
  count: number,
  figuresOf: (index: number) => Partial<ProcessFigures> = () => ({}),
): ProcessSample[] {
  return Array.from({ length: count }, (_, index) => ({
    serverId,
    at: new Date(now.getTime() - (count - index) * 1000),
    startedAt: new Date(now.getTime() - 3_600_000),
    figures: figuresOf(index),
  }))
}

export function healthyServer(id: number, changes: Partial<Server> = {}): Server {
  return {
    ...{ id, url: `http://server-${id}`, condition: 'UP', rank: id, drain: null, slowness: null },
    ...{ pingP50Ms: 3, pingP99Ms: 9, pickShare: 0.2, sockets: 400, subscriptions: 400 },
    pings: new Array<number | null>(historySeconds).fill(3),
    samples: samples(id, 60),
    loopDelayP99Ms: 2,
    pool: { used: 4, max: 20, waiting: 0 },
    ...{ memoryBytes: 96e6, cpuShare: 0.1, version: '1.0.0', uptimeMs: 3_600_000 },
    startedAt: new Date(now.getTime() - 3_600_000),
    sampledAt: new Date(now.getTime() - 400),
    ...changes,
  }
}

/** Five servers on a good day. */
export function goodDay(changes: Partial<Circumstances> = {}): Circumstances {
  const history = totalsHistory(axisUntil(now.getTime()), [], [])
  return {
    at: now,
    databaseAnswers: true,
    servers: [1, 2, 3, 4, 5].map((id) => healthyServer(id)),
    balancer: { isUp: true, seenAt: now, version: '1.0.0' },
    totals: {
      ...{ sendsPerSecond: 100, deliveriesPerSecond: 100, expiredPerMinute: 0 },
      ...{ operationsPerSecond: 300, errorsPerSecond: 0, errorShare: 0 },
      history: { ...history, deliveries: history.deliveries.map(() => 100) },
    },
    waiting: {
      ...{ messages: 0, bytes: 0, oldestMs: null, limitMs: 120_000 },
      ...{ ages: [], recipientCount: 0, recipients: [] },
    },
    sweeper: {
      ...{ lastRunAt: now, nextRunAt: now, lastExpired: 0, lastTookMs: 2, lastTruncatedAt: null },
    },
    ...changes,
  }
}

/** A good day but for one server. */
export function withServer(id: number, changes: Partial<Server>): Circumstances {
  const day = goodDay()
  return {
    ...day,
    servers: day.servers.map((server) => (server.id === id ? { ...server, ...changes } : server)),
  }
}
