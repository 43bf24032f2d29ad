import type { Bus } from '../bus/bus.ts'
import { repeat } from '../domain/delivery/repeat.ts'
import { errorFields, type Log } from '../observability/log.ts'
import type { SessionStore } from '../store/sessions.ts'

/** Each look reaches this far back: a session may have been revoked by a transaction that took its time. */
const overlapMs = 15_000

/**
 * Tells of sessions that have ended, wherever that happened: at once by a note, and within a second without one.
 * The same session may be told more than once.
 */
export function watchSessions(options: {
  readonly sessions: Pick<SessionStore, 'findRevokedSince'>
  readonly bus: Bus
  readonly log: Log
  readonly now: () => number
  isAnybodyHere(): boolean
  onRevoked(sessionId: string): void
}): { stop(): Promise<void> } {
  const { sessions, bus, log, now, onRevoked } = options
  const stopListening = bus.listen((note) => {
    if (note.kind === 'session-revoked') onRevoked(note.sessionId)
  })
  const look = async () => {
    if (!options.isAnybodyHere()) return
    for (const { sessionId } of await sessions.findRevokedSince(new Date(now() - overlapMs)))
      onRevoked(sessionId)
  }
  const polling = repeat(1000, look, (error) => log.warn('sessions-unreadable', errorFields(error)))
  return {
    async stop() {
      stopListening()
      await polling.stop()
    },
  }
}
