import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { useServer } from 'graphql-ws/use/ws'
import { createYoga } from 'graphql-yoga'
import { WebSocketServer } from 'ws'
import { createMemoryBusHub } from '../../../server/src/bus/memory-bus.ts'
import type { Deps } from '../../../server/src/domain/deps.ts'
import { rates } from '../../../server/src/domain/limits.ts'
import type { Log } from '../../../server/src/observability/log.ts'
import { createMetrics } from '../../../server/src/observability/metrics.ts'
import { createTransport } from '../../../server/src/transport/transport.ts'
import { createSmallSchema, type SmallSchema } from './small-schema.ts'

/** Something to attack. */
export interface Target extends AsyncDisposable {
  readonly name: string
  readonly url: string
  readonly small: SmallSchema
  /** What was logged. */
  readonly log: readonly string[]
}

/** Our transport, as app.ts puts it together, over the small schema and without a database. */
export async function startOurs(
  settings: {
    playground?: boolean
    unauthenticatedSockets?: number
    trustedProxies?: string[]
  } = {},
): Promise<Target> {
  const small = createSmallSchema()
  const log: string[] = []
  const write = (event: string, fields = {}) => log.push(JSON.stringify({ event, ...fields }))
  const logger: Log = { debug: write, info: write, warn: write, error: write }
  const listener = createServer()
  const url = await listen(listener)
  const transport = createTransport({
    schema: small.schema,
    // The small schema asks for nothing else.
    deps: {
      server: { id: 1, url, version: 'test', messageTtlMs: 120_000 },
      bus: createMemoryBusHub()(1),
      store: { clock: { now: Date.now } },
      rates,
    } as unknown as Deps,
    metrics: createMetrics({ serverId: 1 }),
    log: logger,
    settings: {
      url,
      balancerUrl: undefined,
      origins: ['https://chat.example'],
      trustedProxies: settings.trustedProxies ?? [],
      playground: settings.playground ?? false,
      unauthenticatedSockets: settings.unauthenticatedSockets ?? 20,
      webFolder: undefined,
      takesSockets: true,
    },
    authenticate: async (token) =>
      token === 'good'
        ? {
            viewer: { sessionId: 'session', clientId: 'client', username: 'alice', deviceId: null },
            operator: null,
          }
        : null,
    askDatabase: async () => {},
  })
  listener.on('request', transport.handleRequest)
  listener.on('upgrade', transport.handleUpgrade)
  return {
    name: 'our server',
    url,
    small,
    log,
    async [Symbol.asyncDispose]() {
      await transport.close()
      await close(listener)
    },
  }
}

/** The same schema behind the same libraries with nothing but their defaults: what every attack has to succeed against. */
export async function startTwin(): Promise<Target> {
  const small = createSmallSchema()
  const listener = createServer(
    createYoga({ schema: small.schema, logging: false }) as RequestListener,
  )
  const sockets = new WebSocketServer({ server: listener, path: '/graphql' })
  const { dispose } = useServer({ schema: small.schema, isProd: true }, sockets)
  return {
    name: 'the twin',
    url: await listen(listener),
    small,
    log: [],
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate()
      await dispose()
      await close(listener)
    },
  }
}

async function listen(listener: ReturnType<typeof createServer>): Promise<string> {
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
}

async function close(listener: ReturnType<typeof createServer>): Promise<void> {
  listener.close()
  listener.closeAllConnections()
}
