import type { Log } from '../../observability/log.ts'

/** What has to come to an end, in the order in which it does. */
export interface Drainable {
  /** Readiness off, and the registry told: nobody is sent here any more. */
  announce(): Promise<void>
  /** Those who are here are told to go. */
  tellClients(retryAfterMs: number): void
  stopAccepting(): void
  /** Resolves when every socket is closed and every request answered. */
  sendAway(options: {
    readonly spreadMs: number
    readonly withinMs: number
    readonly signal?: AbortSignal
  }): Promise<void>
  countSockets(): number
}

/** A few leave quickly; many leave over two seconds or more, so that the others are not stormed. */
const spreadPerSocketMs = 10
const spreadManyMs = 2
const longestSpreadOfFewMs = 2000
/** What was begun gets this much longer. */
const finishWithinMs = 5000

/** Stops being a server without anybody losing anything: they move, and what is stored is read elsewhere. */
export async function drain(server: Drainable, log: Log, signal?: AbortSignal): Promise<void> {
  const sockets = server.countSockets()
  const spreadMs = Math.max(
    Math.min(longestSpreadOfFewMs, sockets * spreadPerSocketMs),
    sockets * spreadManyMs,
  )
  log.info('drain-started', { sockets, spreadMs })

  await server.announce()
  server.stopAccepting()
  server.tellClients(spreadMs)
  await server.sendAway({
    spreadMs,
    withinMs: spreadMs + finishWithinMs,
    ...(signal && { signal }),
  })
  log.info(signal?.aborted ? 'drain-broken-off' : 'drain-ended')
}
