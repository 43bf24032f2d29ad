import type { IncomingMessage, RequestListener } from 'node:http'
import type { Duplex } from 'node:stream'
import { createMeshBus } from './bus/mesh-bus.ts'
import { createPostgresBus } from './bus/postgres-bus.ts'
import type { Config } from './config.ts'
import { authenticate } from './domain/authenticate.ts'
import { createBalancer } from './domain/balancing/balancer.ts'
import { createDeliveries } from './domain/delivery/deliveries.ts'
import { repeat } from './domain/delivery/repeat.ts'
import { sweepEveryMs } from './domain/delivery/sweeping.ts'
import type { Deps, ServerIdentity } from './domain/deps.ts'
import { createDeviceSets } from './domain/directory/device-sets.ts'
import { createRosters } from './domain/groups/rosters.ts'
import { forgetExpired } from './domain/identity/forget-expired.ts'
import { createOpaqueServer } from './domain/identity/opaque-server.ts'
import { createLeasedLimiter } from './domain/leased-limiter.ts'
import { limits } from './domain/limits.ts'
import { drain } from './domain/operations/drain.ts'
import { createDrainControl } from './domain/operations/drain-control.ts'
import { createOperationsDesk } from './domain/operations/operations-desk.ts'
import { readWhole } from './domain/operations/read-whole.ts'
import { createPseudonyms } from './domain/operations/recipient-pseudonym.ts'
import { type Registration, register } from './domain/operations/registration.ts'
import { startSampling } from './domain/operations/sampling.ts'
import { errorFields, type Log } from './observability/log.ts'
import { measureLoopDelay } from './observability/loop-delay.ts'
import { createMetrics } from './observability/metrics.ts'
import { schema } from './schema/index.ts'
import { openDatabase } from './store/database.ts'
import { createStore } from './store/store.ts'
import { probeServer } from './transport/probe-server.ts'
import { createTransport } from './transport/transport.ts'

export interface App {
  readonly handleRequest: RequestListener
  handleUpgrade(request: IncomingMessage, wire: Duplex, head: Buffer): void
  /** From here on the others know of this server. */
  start(): Promise<void>
  /** Resolves when nobody is here any more. */
  drain(): Promise<void>
  close(): Promise<void>
}

export interface AppOptions {
  readonly config: Omit<Config, 'host' | 'port' | 'secretFile' | 'logLevel'>
  readonly secrets: { readonly secret: Uint8Array; readonly opaqueServerSetup: string }
  /** Where clients and the other servers reach this one. */
  readonly url: string
  readonly version: string
  readonly log: Log
  /** Of this process, since its start. */
  readUsage(): { readonly memoryBytes: number; readonly cpuMs: number }
}

const forgetEveryMs = 60_000
const synchronizeEveryMs = 60_000

/** Puts a server together: one database, one store, one bus, and the rules over them. Reads no environment, opens no port. */
export function createApp({ config, secrets, url, version, log, readUsage }: AppOptions): App {
  const server: ServerIdentity = {
    id: config.serverId,
    url,
    version,
    messageTtlMs: config.messageTtlMs,
  }
  const isBalancer = config.role === 'balancer'
  const metrics = createMetrics({ serverId: server.id })
  const database = openDatabase({
    url: config.databaseUrl,
    poolSize: config.poolSize,
    onError: (error) => log.warn('database-connection-lost', errorFields(error)),
  })
  const store = createStore(database, {
    messageTtlMs: server.messageTtlMs,
    quota: { messages: limits.mailboxMessages, bytes: limits.mailboxBytes },
  })
  const mesh =
    config.bus === 'mesh'
      ? createMeshBus({
          ...{ serverId: server.id, secret: secrets.secret, log },
          listPeers: () => store.servers.listServers(),
        })
      : null
  const bus = mesh ?? createPostgresBus({ serverId: server.id, url: config.databaseUrl, log })
  const balancer = createBalancer({
    ...{ servers: store.servers, probe: probeServer, log },
    onPing: metrics.ping,
  })
  const deliveries = createDeliveries({ store, bus, log, server, secret: secrets.secret })
  const pseudonyms = createPseudonyms(secrets.secret)
  const desk = createOperationsDesk({
    ...{ store, balancer, server, pseudonyms, log },
    sweepEveryMs: sweepEveryMs(server.messageTtlMs),
  })
  const deps: Deps = {
    ...{ store, bus, log, balancer, deliveries, server, desk, pseudonyms },
    noteDecline: metrics.graphqlError,
    opaque: createOpaqueServer({ serverSetup: secrets.opaqueServerSetup }),
    rates: config.rates,
    deviceSets: createDeviceSets(store),
    rosters: createRosters(store),
    sendLimiter: createLeasedLimiter({
      rateLimits: store.rateLimits,
      log,
      name: 'send',
      rate: config.rates.send,
    }),
    fileCounters: { storedBytes: 0, servedBytes: 0 },
    chunkLimiter: createLeasedLimiter({
      rateLimits: store.rateLimits,
      log,
      name: 'chunk',
      rate: config.rates.chunk,
    }),
  }
  bus.listen((note) => {
    if (note.kind === 'devices') deps.deviceSets.noticeVersion(note.username, note.version)
  })
  let registration: Registration | null = null
  let housekeeping: { stop(): Promise<void> } | null = null
  const transport = createTransport({
    ...{ schema, deps, metrics, log },
    settings: { ...config, url, takesSockets: !isBalancer },
    authenticate: (token) => authenticate(deps, token),
    askDatabase: async () => {
      await database.pool.query('SELECT 1')
    },
  })
  const readPool = () => ({
    used: database.pool.totalCount - database.pool.idleCount,
    max: config.poolSize,
    waiting: database.pool.waitingCount,
  })
  metrics.watch({
    sockets: transport.countSockets,
    subscriptions: transport.countSubscriptions,
    version,
    isDraining: transport.isDraining,
    pool: readPool,
    servers: balancer.figures,
    whole: () => readWhole(store, server.messageTtlMs),
    deliveries: () => deliveries.counters,
    files: () => deps.fileCounters,
  })

  const loopDelay = measureLoopDelay()
  let sampling: { stop(): Promise<void> } | null = null
  const drainable = {
    async announce() {
      transport.announceDraining()
      await registration?.announce('DRAINING')
    },
    tellClients: deliveries.announceDrain,
    stopAccepting: transport.stopAccepting,
    countSockets: transport.countSockets,
  }
  const drainControl = createDrainControl(
    {
      ...drainable,
      sendAway: transport.sendClientsAway,
      async resume() {
        deliveries.endDrain()
        transport.resume()
        await registration?.announce('UP')
      },
    },
    log,
  )
  const readFigures = () => ({
    version,
    sockets: transport.countSockets(),
    subscriptions: transport.countSubscriptions(),
    loopDelayP99Ms: loopDelay.takeP99Ms(),
    pool: readPool(),
    ...readUsage(),
    ...deliveries.counters,
    ...metrics.counts(),
    ...balancer.figures(),
  })

  return {
    handleRequest: transport.handleRequest,
    handleUpgrade(request, wire, head) {
      if (mesh?.handleUpgrade(request, wire, head) !== true)
        transport.handleUpgrade(request, wire, head)
    },
    async start() {
      await store.clock.synchronize()
      sampling = startSampling({ store, serverId: server.id, log, readFigures })
      if (isBalancer) {
        balancer.start()
        housekeeping = repeat(
          synchronizeEveryMs,
          () => store.clock.synchronize(),
          (error) => log.warn('clock-unavailable', errorFields(error)),
        )
        return
      }
      registration = await register({
        servers: store.servers,
        server,
        log,
        countSockets: transport.countSockets,
        onOrder: drainControl.obey,
      })
      deliveries.start()
      transport.start()
      housekeeping = repeat(
        forgetEveryMs,
        () => forgetExpired(deps),
        (error) => log.warn('housekeeping-failed', errorFields(error)),
      )
    },
    drain() {
      drainControl.stop()
      return drain({ ...drainable, sendAway: transport.sendAway }, log)
    },
    async close() {
      drainControl.stop()
      desk.close()
      balancer.stop()
      loopDelay.stop()
      await sampling?.stop()
      await housekeeping?.stop()
      await transport.close()
      if (registration !== null) await deliveries.stop()
      await registration?.end()
      await bus.close()
      await database.close()
    },
  }
}
