import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { findBusyPorts } from '../../server/src/supervisor/ports.ts'

/** Below what systems give to outgoing connections and to `listen(0)`: Linux from 32768, others from 49152. */
const lowest = 20_000
const highest = 32_767

/**
 * Neighbouring ports of this machine that nobody takes before they are listened on, or between two times of it, until this
 * process ends. Port 0 and closing again promises nothing of the kind: any connection of another test may get the number.
 */
export async function reservePorts(count: number): Promise<readonly number[]> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const first = lowest + Math.floor(Math.random() * (highest - lowest - count + 1))
    const ports = Array.from({ length: count }, (_, index) => first + index)
    if ((await claim(ports)) && (await findBusyPorts(ports)).length === 0) return ports
  }
  throw new Error(`No ${count} free ports between ${lowest} and ${highest} in 100 attempts.`)
}

/** With UDP sockets of the same numbers, which are in nobody's way and end with the process, however it ends. */
async function claim(ports: readonly number[]): Promise<boolean> {
  const sockets = ports.map(() => createSocket('udp4'))
  const bound = await Promise.allSettled(
    sockets.map(async (socket, index) => {
      socket.unref().bind({ port: ports[index], address: '127.0.0.1', exclusive: true })
      await once(socket, 'listening')
    }),
  )
  const claimed = bound.every(({ status }) => status === 'fulfilled')
  if (!claimed) for (const socket of sockets) socket.close()
  return claimed
}
