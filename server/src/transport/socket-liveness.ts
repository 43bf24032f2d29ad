import { WebSocket } from 'ws'
import type { Connection } from './connection.ts'
import { socketLimits } from './socket-limits.ts'

/** Finds sockets that are gone without a word, and those that do not read. One timer for all. Returns what stops it. */
export function watchLiveness(connections: ReadonlySet<Connection>): () => void {
  const timer = setInterval(() => {
    for (const connection of connections) look(connection)
  }, 1000)
  timer.unref()
  return () => clearInterval(timer)
}

function look(connection: Connection): void {
  const { socket } = connection
  if (socket.readyState !== WebSocket.OPEN) return
  const waiting = socket.bufferedAmount
  connection.quietSeconds += 1
  connection.slowSeconds = waiting > socketLimits.slowBytes ? connection.slowSeconds + 1 : 0

  const isStuck = waiting > 0 && connection.quietSeconds >= socketLimits.stuckAfterSeconds
  if (isStuck || connection.slowSeconds >= socketLimits.slowAfterSeconds) {
    // The close frame waits behind what is not being read, so do not wait for the answer to it.
    connection.close(4413, 'Too slow')
    setTimeout(() => socket.terminate(), 1000).unref()
    return
  }
  if (connection.quietSeconds === socketLimits.pingAfterSeconds) socket.ping()
  // While bytes are waiting the ping waits behind them: such a socket is slow, not gone.
  if (waiting === 0 && connection.quietSeconds >= socketLimits.goneAfterSeconds) socket.terminate()
}
