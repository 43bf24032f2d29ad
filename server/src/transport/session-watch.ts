import type { Bus } from '../bus/bus.ts'
import { repeat } from '../domain/delivery/repeat.ts'
import { errorFields, type Log } from '../observability/log.ts'
import type { SessionStore } from '../store/sessions.ts'

/** Each look reaches this far back before the last one: a session may be ended by a transaction that takes its time. */
const overlapMs = 15_000
const checkEveryMs = 60_000
const checkedAtOnce = 1000

/**
 * Tells of sessions that have ended, wherever that happened: at once by a note, and within a second without one. Once a
 * minute every session that is in use here is looked up, which finds those that have run out.
 * The same session may be told more than once.
 */
export function watchSessions(options: {
  readonly sessions: Pick<SessionStore, 'findRevokedSince' | 'findEnded'>
  readonly bus: Pick<Bus, 'listen'>
  readonly log: Log
  /** The clock of the database. */
  readonly now: () => number
  /** Sessions that are in use here. */
  openSessions(): Iterable<string>
  onEnded(sessionId: string): void
}): { stop(): Promise<void> } {
  const { sessions, bus, log, now, onEnded } = options
  let lookedAt = now()
  const stopListening = bus.listen((note) => {
    if (note.kind === 'session-revoked') onEnded(note.sessionId)
  })
  const failed = (error: unknown) => log.warn('sessions-unreadable', errorFields(error))

  const polling = repeat(
    1000,
    async () => {
      const lookingAt = now()
      // After an outage this reaches back to the last look that succeeded.
      const ended = await sessions.findRevokedSince(new Date(lookedAt - overlapMs))
      lookedAt = lookingAt
      for (const { sessionId } of ended) onEnded(sessionId)
    },
    failed,
  )
  const checking = repeat(
    checkEveryMs,
    async () => {
      const open = [...options.openSessions()]
      for (let first = 0; first < open.length; first += checkedAtOnce)
        for (const id of await sessions.findEnded(open.slice(first, first + checkedAtOnce)))
          onEnded(id)
    },
    failed,
  )
  return {
    async stop() {
      stopListening()
      await Promise.all([polling.stop(), checking.stop()])
    },
  }
}
