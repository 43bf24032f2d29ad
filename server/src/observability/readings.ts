import { Counter, Gauge, type Registry } from 'prom-client'

/** What is read of this process, and of all together, when somebody scrapes. */
export interface Readings {
  readonly version: string
  sockets(): number
  subscriptions(): number
  isDraining(): boolean
  pool(): { readonly used: number; readonly max: number; readonly waiting: number }
  /** This and the next since the start of this process. */
  deliveries(): {
    readonly accepted: number
    readonly deliveredAtOnce: number
    readonly deliveredFromStore: number
    readonly expired: number
  }
  files(): { readonly storedBytes: number; readonly servedBytes: number }
  /** By server: the last ping, null where it went unanswered, and how many clients were sent there. */
  servers(): {
    readonly pings: Readonly<Record<string, number | null>>
    readonly picks: Readonly<Record<string, number>>
  }
  /** The same at every process; null while it is not known. Rejects when the database does not answer. */
  whole(): Promise<Whole | null>
}

export interface Whole {
  readonly waitingMessages: number
  readonly waitingBytes: number
  readonly oldestMs: number | null
  readonly lifetimeMs: number
  readonly sweptAt: Date | null
}

export function watchReadings(registry: Registry, readings: Readings): void {
  const registers = [registry]
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      ...{ name, help, registers },
      collect() {
        this.set(read())
      },
    })
  const total = (name: string, help: string, read: () => number) =>
    new Counter({
      ...{ name, help, registers },
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  const { deliveries, files, pool, servers } = readings
  const number = (isSo: boolean) => (isSo ? 1 : 0)

  gauge('fastchat_sockets', 'Sockets that are open.', readings.sockets)
  gauge('fastchat_subscriptions', 'Subscriptions that are open on sockets.', readings.subscriptions)
  gauge('fastchat_draining', '1 while this server sends its clients elsewhere.', () =>
    number(readings.isDraining()),
  )
  gauge('fastchat_database_pool_used', 'Connections in use.', () => pool().used)
  gauge('fastchat_database_pool_max', 'Connections at most.', () => pool().max)
  gauge('fastchat_database_pool_waiting', 'Requests that wait for one.', () => pool().waiting)
  total('fastchat_messages_accepted_total', 'Messages stored.', () => deliveries().accepted)
  total(
    'fastchat_file_stored_bytes_total',
    'Bytes of sealed chunks that were stored.',
    () => files().storedBytes,
  )
  total(
    'fastchat_file_served_bytes_total',
    'Bytes of sealed chunks that were handed out.',
    () => files().servedBytes,
  )
  new Counter({
    name: 'fastchat_deliveries_total',
    help: 'Deliveries that ended: at once, from the store, or expired.',
    labelNames: ['outcome'],
    registers,
    collect() {
      const { deliveredAtOnce, deliveredFromStore, expired } = deliveries()
      this.reset()
      this.inc({ outcome: 'at_once' }, deliveredAtOnce)
      this.inc({ outcome: 'from_store' }, deliveredFromStore)
      this.inc({ outcome: 'expired' }, expired)
    },
  })
  new Gauge({
    name: 'fastchat_build_info',
    help: 'Always 1.',
    labelNames: ['version'],
    registers,
  }).set({ version: readings.version }, 1)
  new Gauge({
    name: 'fastchat_server_up',
    help: '1 if the target answered its last ping, from processes that ping.',
    labelNames: ['target'],
    registers,
    collect() {
      this.reset()
      for (const [target, ping] of Object.entries(servers().pings))
        this.set({ target }, number(ping !== null))
    },
  })
  new Counter({
    name: 'fastchat_balancer_picks_total',
    help: 'Clients that were sent to the target.',
    labelNames: ['target'],
    registers,
    collect() {
      this.reset()
      for (const [target, count] of Object.entries(servers().picks)) this.inc({ target }, count)
    },
  })
  watchWhole(registers, readings)
}

function watchWhole(registers: Registry[], { whole }: Pick<Readings, 'whole'>): void {
  // One look for the five of them, which a scrape collects in the same moment.
  let looking: Promise<Whole | null> | null = null
  const look = () => {
    looking ??= whole()
      .catch(() => null)
      .finally(() => {
        looking = null
      })
    return looking
  }
  const gauge = (name: string, help: string, read: (known: Whole) => number | null) =>
    new Gauge({
      ...{ name, help, registers },
      async collect() {
        const known = await look()
        const value = known === null ? null : read(known)
        // What is not known is left out: the last value would look like the present one.
        if (value === null) this.remove()
        else this.set(value)
      },
    })
  gauge(
    'fastchat_waiting_messages',
    'Messages stored and not yet fetched, of all servers.',
    (known) => known.waitingMessages,
  )
  gauge('fastchat_waiting_bytes', 'Bytes of them.', (known) => known.waitingBytes)
  gauge(
    'fastchat_waiting_oldest_seconds',
    'Age of the oldest of them; 0 when nothing waits.',
    (known) => (known.oldestMs ?? 0) / 1000,
  )
  gauge(
    'fastchat_message_lifetime_seconds',
    'After so long a message is deleted.',
    (known) => known.lifetimeMs / 1000,
  )
  gauge(
    'fastchat_sweeper_last_run_timestamp_seconds',
    'When the sweeper last ran, on any server.',
    (known) => (known.sweptAt === null ? null : known.sweptAt.getTime() / 1000),
  )
}
