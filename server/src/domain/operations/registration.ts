import { errorFields, type Log } from '../../observability/log.ts'
import type { RegisteredState, ServerStore } from '../../store/servers.ts'
import { isFresh } from '../balancing/rank-servers.ts'
import type { ServerIdentity } from '../deps.ts'

export interface Registration {
  /** Tells the others at once. */
  announce(state: RegisteredState): Promise<void>
  /** Leaves the registry. */
  end(): Promise<void>
}

/** This server cannot run beside the ones that run already. The message is for the operator. */
export class RegistrationRefusedError extends Error {}

export const heartbeatEveryMs = 1000

/** Enters this server in the registry and keeps it there with a heartbeat each second. */
export async function register(options: {
  readonly servers: ServerStore
  readonly server: ServerIdentity
  readonly log: Log
  countSockets(): number
  /** With each heartbeat: what operators want of this server. */
  onOrder(order: { readonly drain: boolean }): void
}): Promise<Registration> {
  const { servers, server, log, countSockets } = options
  await refuseOtherLifetime(servers, server)

  let startedAt = await servers.registerServer(server)
  let state: RegisteredState = 'UP'
  let failing = false
  let isAlone = true

  const beat = async () => {
    const heard = await servers.heartbeat({
      ...{ id: server.id, startedAt, state },
      sockets: countSockets(),
    })
    if (heard !== null) return options.onOrder(heard)
    const holder = (await servers.listServers()).find(({ id }) => id === server.id)
    if (holder !== undefined && isFresh(holder)) {
      if (isAlone) log.error('server-id-taken', { url: holder.url })
      isAlone = false
      return
    }
    isAlone = true
    startedAt = await servers.registerServer(server)
  }

  const beatQuietly = () =>
    beat().then(
      () => {
        if (failing) log.info('heartbeat-restored')
        failing = false
      },
      (error: unknown) => {
        if (!failing) log.warn('heartbeat-failed', errorFields(error))
        failing = true
      },
    )

  let running: Promise<void> | null = null
  const timer = setInterval(() => {
    // A slow database must not collect a queue of heartbeats.
    running ??= beatQuietly().finally(() => {
      running = null
    })
  }, heartbeatEveryMs)

  return {
    async announce(next) {
      state = next
      await beatQuietly()
    },
    async end() {
      clearInterval(timer)
      await running
      await servers
        .unregisterServer(server.id, startedAt)
        .catch((error: unknown) => log.warn('not-unregistered', errorFields(error)))
    },
  }
}

/** Two lifetimes would let one server deliver what another has promised to be gone. */
async function refuseOtherLifetime(servers: ServerStore, server: ServerIdentity): Promise<void> {
  const other = (await servers.listServers()).find(
    (row) => row.id !== server.id && row.messageTtlMs !== server.messageTtlMs && isFresh(row),
  )
  if (other === undefined) return
  throw new RegistrationRefusedError(
    `Server ${other.id} keeps messages for ${other.messageTtlMs / 1000} s and this one was told ${server.messageTtlMs / 1000} s. ` +
      'Give every server the same MESSAGE_TTL_SECONDS, or stop the others first.',
  )
}
