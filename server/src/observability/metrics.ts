import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { ErrorCode } from '../domain/errors.ts'

/** What is counted. Labels come from closed lists: never a name, an id or an address. */
export interface Metrics {
  /** A document arrived, whatever becomes of it. */
  operation(): void
  /** In an answer: of the whole request, or as its result. */
  graphqlError(code: ErrorCode): void
  socketClosed(code: number): void
  /** Read when somebody scrapes. */
  watch(readings: Readings): void
  /** Since the start of this process. */
  counts(): { readonly operations: number; readonly errors: Readonly<Record<string, number>> }
  text(): Promise<{ contentType: string; text: string }>
}

export interface Readings {
  sockets(): number
  subscriptions(): number
  databaseWaiting(): number
  /** Since the start of this process. */
  files(): { readonly storedBytes: number; readonly servedBytes: number }
  deliveries(): {
    readonly accepted: number
    readonly deliveredAtOnce: number
    readonly deliveredFromStore: number
    readonly expired: number
  }
}

export function createMetrics(options: { serverId: number }): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ server: String(options.serverId) })
  // Event loop delay, memory, garbage collection, CPU.
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const errors = new Counter({
    name: 'fastchat_graphql_errors_total',
    help: 'Errors in answers, of the whole request or as its result, by code.',
    labelNames: ['code'],
    registers,
  })
  const errorCounts: Record<string, number> = {}
  let operations = 0
  new Counter({
    name: 'fastchat_graphql_operations_total',
    help: 'Queries, mutations and subscriptions that arrived.',
    registers,
    collect() {
      this.reset()
      this.inc(operations)
    },
  })
  const closed = new Counter({
    name: 'fastchat_sockets_closed_total',
    help: 'Sockets that ended, by close code.',
    labelNames: ['code'],
    registers,
  })

  return {
    operation() {
      operations += 1
    },
    graphqlError(code) {
      errors.inc({ code })
      errorCounts[code] = (errorCounts[code] ?? 0) + 1
    },
    counts: () => ({ operations, errors: errorCounts }),
    socketClosed: (code) => closed.inc({ code: closeCodes.has(code) ? String(code) : 'other' }),
    watch({ sockets, subscriptions, databaseWaiting, deliveries, files }) {
      const gauge = (name: string, help: string, read: () => number) =>
        new Gauge({
          name,
          help,
          registers,
          collect() {
            this.set(read())
          },
        })
      const total = (name: string, help: string, read: () => number) =>
        new Counter({
          name,
          help,
          registers,
          collect() {
            this.reset()
            this.inc(read())
          },
        })
      gauge('fastchat_sockets', 'Sockets that are open.', sockets)
      gauge('fastchat_subscriptions', 'Subscriptions that are open on sockets.', subscriptions)
      gauge(
        'fastchat_database_waiting',
        'Requests that wait for a database connection.',
        databaseWaiting,
      )
      total(
        'fastchat_messages_accepted_total',
        'Messages that were stored.',
        () => deliveries().accepted,
      )
      total(
        'fastchat_messages_delivered_total',
        'Deliveries that were acknowledged.',
        () => deliveries().deliveredAtOnce + deliveries().deliveredFromStore,
      )
      total(
        'fastchat_messages_expired_total',
        'Deliveries that nobody fetched in time.',
        () => deliveries().expired,
      )
      total(
        'fastchat_file_bytes_stored_total',
        'Bytes of sealed chunks that were stored.',
        () => files().storedBytes,
      )
      total(
        'fastchat_file_bytes_served_total',
        'Bytes of sealed chunks that were handed out.',
        () => files().servedBytes,
      )
    },
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
