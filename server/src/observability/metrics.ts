import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { ErrorCode } from '../domain/errors.ts'
import { loopDelayResolutionMs } from './loop-delay.ts'
import { type Readings, watchReadings } from './readings.ts'

/** What is counted. Labels come from closed lists and numbers of servers: never a name, an id or an address. */
export interface Metrics {
  /** A document arrived, whatever becomes of it. */
  operation(): void
  /** In an answer: of the whole request, or as its result. */
  graphqlError(code: ErrorCode): void
  socketClosed(code: number): void
  /** Of another server, by this process; null: no answer in time. */
  ping(target: number, ms: number | null): void
  /** Read when somebody scrapes. */
  watch(readings: Readings): void
  /** Since the start of this process. */
  counts(): { readonly operations: number; readonly errors: Readonly<Record<string, number>> }
  text(): Promise<{ contentType: string; text: string }>
}

/** Around what is usual (a few milliseconds), what is noticed (50) and the time-out (1 s). */
const pingBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]

/** They go up and down, and are called totals: Prometheus takes that for a mistake, and so would whoever asks for a rate. */
const misnamed = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`)

export function createMetrics(options: { serverId: number }): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ server: String(options.serverId) })
  // Event loop delay, memory, garbage collection, CPU.
  collectDefaultMetrics({
    register: registry,
    eventLoopMonitoringPrecision: loopDelayResolutionMs,
  })
  for (const name of misnamed) registry.removeSingleMetric(name)
  const registers = [registry]
  const errorCounts: Record<string, number> = {}
  let operations = 0
  const errors = new Counter({
    name: 'fastchat_graphql_errors_total',
    help: 'Errors in answers, of the whole request or as its result, by code.',
    labelNames: ['code'],
    registers,
  })
  const closed = new Counter({
    name: 'fastchat_sockets_closed_total',
    help: 'Sockets that ended, by close code.',
    labelNames: ['code'],
    registers,
  })
  const pings = new Histogram({
    name: 'fastchat_ping_duration_seconds',
    help: 'Pings that were answered, through event loop and database pool of the target.',
    labelNames: ['target'],
    buckets: pingBuckets,
    registers,
  })
  const missed = new Counter({
    name: 'fastchat_pings_missed_total',
    help: 'Pings that were not answered within a second.',
    labelNames: ['target'],
    registers,
  })
  new Counter({
    name: 'fastchat_graphql_operations_total',
    help: 'Queries, mutations and subscriptions that arrived.',
    registers,
    collect() {
      this.reset()
      this.inc(operations)
    },
  })

  return {
    operation() {
      operations += 1
    },
    graphqlError(code) {
      errors.inc({ code })
      errorCounts[code] = (errorCounts[code] ?? 0) + 1
    },
    socketClosed: (code) => closed.inc({ code: closeCodes.has(code) ? String(code) : 'other' }),
    ping(target, ms) {
      if (ms === null) missed.inc({ target: String(target) })
      else pings.observe({ target: String(target) }, ms / 1000)
    },
    watch: (readings) => watchReadings(registry, readings),
    counts: () => ({ operations, errors: errorCounts }),
    async text() {
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}

/** Peers choose close codes freely; a label must not grow with their imagination. */
const closeCodes: ReadonlySet<number> = new Set([
  ...[1000, 1001, 1005, 1006, 1008, 1009, 1011, 1012, 1013],
  ...[4400, 4401, 4403, 4406, 4408, 4409, 4410, 4413, 4429, 4500],
])
