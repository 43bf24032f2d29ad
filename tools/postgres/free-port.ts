import { createServer } from 'node:net'

/** The first of the given ports that nobody listens on. */
export async function firstFreePort(candidates: Iterable<number>): Promise<number | undefined> {
  for (const port of candidates) if (await isFree(port)) return port
  return undefined
}

export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
