import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** The ports that somebody else listens on. Waits for them to become free, when their last users are on their way out. */
export async function findBusyPorts(
  ports: readonly number[],
  options: { readonly host?: string; readonly waitMs?: number } = {},
): Promise<number[]> {
  const { host = '127.0.0.1', waitMs = 0 } = options
  const deadline = Date.now() + waitMs
  for (;;) {
    const free = await Promise.all(ports.map((port) => isFree(port, host)))
    const busy = ports.filter((_, index) => !free[index])
    if (busy.length === 0 || Date.now() >= deadline) return busy
    await sleep(100)
  }
}

/** "Port 7680 is" or "Ports 7680, 7681 are". */
export function namePorts(ports: readonly number[]): string {
  return ports.length === 1 ? `Port ${ports[0]} is` : `Ports ${ports.join(', ')} are`
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
