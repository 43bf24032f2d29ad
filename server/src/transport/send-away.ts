import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from './connection.ts'
import { socketLimits } from './socket-limits.ts'

/** Closes every socket at a moment of its own within `spreadMs`, after its running operations. Those left stay when aborted. */
export async function sendAway(
  connections: ReadonlySet<Connection>,
  {
    spreadMs,
    withinMs,
    signal,
  }: { readonly spreadMs: number; readonly withinMs: number; readonly signal?: AbortSignal },
): Promise<void> {
  const overdue = AbortSignal.timeout(withinMs)
  const leave = async (connection: Connection) => {
    const closed = once(connection.socket, 'close', { signal: overdue })
    closed.catch(() => {})
    await sleep(Math.random() * spreadMs, undefined, { signal }).catch(() => {})
    if (signal?.aborted) return
    connection.closeWhenIdle(1012, 'Server is restarting', socketLimits.closeWithinMs)
    // A client that does not answer the close frame is left behind.
    await closed.catch(() => connection.socket.terminate())
  }
  await Promise.all([...connections].map(leave))
}
