import pg from 'pg'
import { errorFields, type Log } from '../observability/log.ts'

export interface BusConnection {
  isUp(): boolean
  /** Resolves when the database has taken them, or they are lost. Never rejects. */
  notify(channels: readonly string[], payloads: readonly string[]): Promise<void>
  close(): Promise<void>
}

const firstRetryMs = 50
const lastRetryMs = 2000
/** A connection that died without a word is noticed this soon. */
const checkEveryMs = 5000
const queryTimeoutMs = 5000

/** A connection that listens, and comes back for ever when it is lost. */
export function createBusConnection(options: {
  /** As the database shows it. */
  readonly name: string
  readonly url: string
  readonly log: Log
  readonly channels: readonly string[]
  onPayload(payload: string): void
  onUp(): void
}): BusConnection {
  const { url, log, channels } = options
  let client: pg.Client | null = null
  let closed = false
  let retryMs = firstRetryMs
  let timer: NodeJS.Timeout | null = null

  const connect = async () => {
    const next = new pg.Client({
      connectionString: url,
      application_name: options.name,
      keepAlive: true,
      connectionTimeoutMillis: queryTimeoutMs,
      query_timeout: queryTimeoutMs,
    })
    next.on('error', (error) => lose(next, error))
    next.on('end', () => lose(next, null))
    next.on('notification', ({ payload }) => {
      if (payload !== undefined) options.onPayload(payload)
    })
    try {
      await next.connect()
      // Channel names are ours, made of letters and digits.
      await next.query(channels.map((channel) => `LISTEN ${channel}`).join('; '))
    } catch (error) {
      void next.end().catch(() => {})
      return retry(error)
    }
    if (closed) return void next.end().catch(() => {})
    client = next
    if (retryMs !== firstRetryMs) log.info('bus-restored')
    retryMs = firstRetryMs
    timer = setInterval(
      () => void next.query('SELECT 1').catch((error: unknown) => lose(next, error)),
      checkEveryMs,
    )
    timer.unref()
    options.onUp()
  }

  const lose = (lost: pg.Client, error: unknown) => {
    if (client !== lost) return
    client = null
    if (timer !== null) clearInterval(timer)
    void lost.end().catch(() => {})
    retry(error)
  }

  const retry = (error: unknown) => {
    if (closed) return
    if (retryMs === firstRetryMs) log.warn('bus-lost', errorFields(error))
    // Full jitter: five servers that lost one database do not come back in step.
    timer = setTimeout(() => void connect(), Math.random() * retryMs)
    retryMs = Math.min(lastRetryMs, retryMs * 2)
  }

  void connect()

  return {
    isUp: () => client !== null,
    async notify(names, payloads) {
      const current = client
      if (current === null) return
      await current
        .query(
          'SELECT pg_notify(channel, payload) FROM unnest($1::text[], $2::text[]) AS notes (channel, payload)',
          [names, payloads],
        )
        .then(
          () => {},
          (error: unknown) => lose(current, error),
        )
    },
    async close() {
      closed = true
      if (timer !== null) clearTimeout(timer)
      const current = client
      client = null
      await current?.end().catch(() => {})
    },
  }
}
