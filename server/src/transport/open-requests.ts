import { once } from 'node:events'
import type { ServerResponse } from 'node:http'

/** The requests that are being answered: some of them are streams that last for days. */
export interface OpenRequests {
  add(response: ServerResponse): void
  /** Says whose answer it is, so that a stream can be cut off when the session ends. */
  belongsTo(response: ServerResponse, sessionId: string): void
  openSessions(): Iterable<string>
  endSession(sessionId: string): void
  /** Ends the streams of people; what operators look at goes on. */
  endSessions(): void
  /** Ends the streams, and gives the others so long. */
  finish(withinMs: number): Promise<void>
}

export function trackRequests(): OpenRequests {
  const sessionOf = new Map<ServerResponse, string | null>()
  let finishing = false

  return {
    add(response) {
      sessionOf.set(response, null)
      response.once('close', () => sessionOf.delete(response))
      // A client that keeps its connection would come back to a server that is gone.
      if (finishing) response.setHeader('connection', 'close')
    },
    belongsTo(response, sessionId) {
      if (sessionOf.has(response)) sessionOf.set(response, sessionId)
    },
    openSessions: () => [...sessionOf.values()].filter((sessionId) => sessionId !== null),
    endSession(sessionId) {
      // Streams only: the request that ended the session has still to be answered.
      for (const [response, owner] of sessionOf)
        if (owner === sessionId && isStream(response)) response.destroy()
    },
    endSessions() {
      for (const [response, owner] of sessionOf)
        if (owner !== null && isStream(response)) response.destroy()
    },
    async finish(withinMs) {
      finishing = true
      const overdue = AbortSignal.timeout(withinMs)
      await Promise.all(
        [...sessionOf.keys()].map(async (response) => {
          if (isStream(response)) return void response.destroy()
          await once(response, 'close', { signal: overdue }).catch(() => response.destroy())
        }),
      )
    },
  }
}

function isStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type')).startsWith('text/event-stream')
}
