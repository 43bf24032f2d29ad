import type { Note } from '../bus/bus.ts'
import { createMemoryBusHub } from '../bus/memory-bus.ts'
import type { Deps } from '../domain/deps.ts'
import { createOpaqueServer } from '../domain/identity/opaque-server.ts'
import { limits, rates } from '../domain/limits.ts'
import { openDatabase } from '../store/database.ts'
import { createStore } from '../store/store.ts'

export interface IdentityServer {
  readonly deps: Pick<Deps, 'store' | 'bus' | 'opaque' | 'rates'>
  /** What was broadcast so far. */
  readonly notes: readonly Note[]
  /** How often the database is asked while `work` runs. */
  countQueries(work: () => Promise<unknown>): Promise<number>
  query(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

/** As much of a server as identity and directory need. Several on one database are several servers. */
export function startIdentityServer(options: {
  readonly url: string
  readonly serverSetup: string
  readonly rates?: Partial<Deps['rates']>
}): IdentityServer {
  const database = openDatabase({ url: options.url, poolSize: 4, onError: () => {} })
  const bus = createMemoryBusHub()(1)
  const notes: Note[] = []
  bus.listen((note) => notes.push(note))
  return {
    deps: {
      store: createStore(database, {
        messageTtlMs: 120_000,
        quota: { messages: limits.mailboxMessages, bytes: limits.mailboxBytes },
      }),
      bus,
      opaque: createOpaqueServer({ serverSetup: options.serverSetup }),
      rates: { ...rates, ...options.rates },
    },
    notes,
    async countQueries(work) {
      let queries = 0
      const count = () => {
        queries += 1
      }
      database.pool.on('acquire', count)
      await work()
      database.pool.off('acquire', count)
      return queries
    },
    query: async (sql, values = []) => (await database.pool.query(sql, [...values])).rows,
    async close() {
      await bus.close()
      await database.close()
    },
  }
}
