import type { IncomingMessage, RequestListener } from 'node:http'
import type { Duplex } from 'node:stream'
import type { GraphQLSchema } from 'graphql'
import type { Config } from '../config.ts'
import type { Caller } from '../domain/authenticate.ts'
import type { Deps } from '../domain/deps.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Connection } from './connection.ts'
import { createExecutor } from './execute.ts'
import { createGraphqlOverHttp } from './graphql-over-http.ts'
import { createHealthRoutes } from './health.ts'
import { createHttpHandler } from './http.ts'
import { createMaskError } from './mask-error.ts'
import { clientAddress, networkOf } from './network.ts'
import { trackRequests } from './open-requests.ts'
import { createOperationGuard } from './operation-guard.ts'
import { createOrigins } from './origins.ts'
import { createPlayground } from './playground.ts'
import { sendAway } from './send-away.ts'
import { watchSessions } from './session-watch.ts'
import { createSocketProtocol } from './socket-protocol.ts'
import { createStaticFiles } from './static-files.ts'
import { webAppPolicy, webWorkerPolicy } from './web-app-policy.ts'
import { createSocketServer } from './websocket.ts'

export interface Transport {
  readonly handleRequest: RequestListener
  handleUpgrade(request: IncomingMessage, wire: Duplex, head: Buffer): void
  start(): void
  countSockets(): number
  countSubscriptions(): number
  announceDraining(): void
  isDraining(): boolean
  stopAccepting(): void
  /** Resolves when everybody is gone, and with `signal` as soon as they may stay. */
  sendAway(options: SendAway): Promise<void>
  /** The same for a server that stays up: requests are still answered, and operators' streams go on. */
  sendClientsAway(options: SendAway): Promise<void>
  /** Takes clients again. */
  resume(): void
  close(): Promise<void>
}

export interface SendAway {
  readonly spreadMs: number
  readonly withinMs: number
  readonly signal?: AbortSignal
}

export interface TransportOptions {
  readonly schema: GraphQLSchema
  readonly deps: Deps
  readonly metrics: Metrics
  readonly log: Log
  readonly settings: Pick<
    Config,
    | 'balancerUrl'
    | 'origins'
    | 'trustedProxies'
    | 'playground'
    | 'unauthenticatedSockets'
    | 'webFolder'
  > & {
    readonly url: string
    readonly takesSockets: boolean
  }
  authenticate(token: string): Promise<Caller | null>
  askDatabase(): Promise<void>
}

/** A socket may say this much more often something than it may send: acknowledgements, queries, subscriptions. */
const messagesPerSend = 20
/** An ended session keeps its socket no longer, whatever still runs on it. */
const endSessionWithinMs = 1000
const finishRequestsMs = 5000
const leastMessages = { burst: 2000, perSecond: 1000 }

/** HTTP and sockets over one guard, one masker and one list of origins. */
export function createTransport(options: TransportOptions): Transport {
  const { schema, deps, metrics, log, settings, authenticate } = options
  const guard = createOperationGuard({
    schema,
    introspection: settings.playground,
    onOperation: metrics.operation,
  })
  const maskError = createMaskError({ log, onError: metrics.graphqlError })
  const origins = createOrigins([settings.url, settings.balancerUrl, ...settings.origins])
  const proxies = new Set(settings.trustedProxies)
  const networkOfRequest = (request: IncomingMessage) => networkOf(clientAddress(request, proxies))
  const requests = trackRequests()
  const connectionsOf = new Map<string, Set<Connection>>()
  let draining = false
  let watch: { stop(): Promise<void> } | null = null

  const protocol = createSocketProtocol({
    ...{ schema, guard, maskError, authenticate },
    onSignedIn(connection, { viewer, operator }) {
      // It may have closed while the token was looked up.
      if (!sockets.connections.has(connection)) return
      connection.viewer = viewer
      connection.operator = operator
      sockets.signedIn(connection)
      if (viewer === null) return
      const others = connectionsOf.get(viewer.sessionId)
      if (others === undefined) connectionsOf.set(viewer.sessionId, new Set([connection]))
      else others.add(connection)
    },
    acknowledge: (viewer) => acknowledgement(deps, viewer),
    executor: createExecutor(schema),
    // One for each operation: the schema's plugins remember things about it, and a socket lives for days.
    contextFor: (connection) => ({
      deps,
      viewer: connection.viewer,
      operator: connection.operator,
      network: connection.network,
      socket: connection,
    }),
  })
  const sockets = createSocketServer({
    ...{ protocol, origins, log, metrics },
    takesSockets: settings.takesSockets,
    unauthenticatedSockets: settings.unauthenticatedSockets,
    messageRate: {
      burst: Math.max(leastMessages.burst, deps.rates.send.burst * messagesPerSend),
      perSecond: Math.max(leastMessages.perSecond, deps.rates.send.perSecond * messagesPerSend),
    },
    networkOf: networkOfRequest,
    onClosed(connection) {
      if (connection.viewer === null) return
      const others = connectionsOf.get(connection.viewer.sessionId)
      others?.delete(connection)
      if (others?.size === 0) connectionsOf.delete(connection.viewer.sessionId)
    },
  })
  const handleRequest = createHttpHandler({
    graphql: createGraphqlOverHttp({ schema, guard, maskError }),
    health: createHealthRoutes({
      serverId: deps.server.id,
      isDraining: () => draining,
      openSockets: () => sockets.connections.size,
      askDatabase: options.askDatabase,
      metrics: metrics.text,
    }),
    playground: settings.playground ? createPlayground() : null,
    files:
      settings.webFolder === undefined || settings.takesSockets
        ? null
        : createStaticFiles({
            folder: settings.webFolder,
            policyOf: webWorkerPolicy,
            async pagePolicy(scriptHashes) {
              const { servers } = await deps.balancer.look()
              return webAppPolicy(
                scriptHashes,
                servers.map(({ url }) => url),
              )
            },
          }),
    isHttps: settings.url.startsWith('https:'),
    networkOf: networkOfRequest,
    contextFor: (caller) => ({ deps, ...caller, socket: null }),
    ...{ origins, maskError, authenticate, requests },
  })

  return {
    handleRequest,
    handleUpgrade: sockets.handleUpgrade,
    countSockets: () => sockets.connections.size,
    countSubscriptions: () =>
      [...sockets.connections].reduce((sum, { subscriptions }) => sum + subscriptions, 0),
    start() {
      watch = watchSessions({
        ...{ sessions: deps.store.sessions, bus: deps.bus, log, now: deps.store.clock.now },
        openSessions: () => new Set([...connectionsOf.keys(), ...requests.openSessions()]),
        onEnded(sessionId) {
          requests.endSession(sessionId)
          // The answer to its own signOut is still to be written.
          for (const connection of connectionsOf.get(sessionId) ?? [])
            connection.closeWhenIdle(4403, 'Your session has ended', endSessionWithinMs)
        },
      })
    },
    isDraining: () => draining,
    announceDraining() {
      draining = true
    },
    stopAccepting: sockets.stopAccepting,
    async sendAway(when) {
      await sendAway(sockets.connections, when)
      await requests.finish(finishRequestsMs)
    },
    async sendClientsAway(when) {
      await sendAway(sockets.connections, when)
      if (when.signal?.aborted !== true) requests.endSessions()
    },
    resume() {
      draining = false
      sockets.acceptAgain()
    },
    async close() {
      await watch?.stop()
      sockets.close()
    },
  }
}

/** What a device needs to attach: a challenge to sign, and the time by which messages expire. */
function acknowledgement({ server, deliveries, store }: Deps, viewer: Viewer | null) {
  const common = { serverId: server.id, serverTime: new Date(store.clock.now()).toISOString() }
  if (viewer === null || viewer.deviceId === null) return common
  const { challenge } = deliveries.challenges.issue({ ...viewer, deviceId: viewer.deviceId })
  return { ...common, challenge: Buffer.from(challenge).toString('base64url') }
}
