import { stoppedError } from '../errors.ts'
import type { ChatEvents } from './chat-events.ts'
import type { ConnectionState } from './connection-machine.ts'
import type { Emitter } from './emitter.ts'
import type { Session } from './session.ts'

/** Resolves when a server is connected; rejects when the connection stops, or with `whenClosed`. */
export async function whenLive(
  { connection }: Session,
  events: Emitter<ChatEvents>,
  whenClosed: Promise<never>,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const look = (state: ConnectionState) => {
    if (state.kind === 'live') resolve()
    if (state.kind === 'stopped') reject(stoppedError(state.reason))
  }
  const stop = events.on('connection', look)
  look(connection.state)
  try {
    await Promise.race([promise, whenClosed])
  } finally {
    stop()
  }
}
