import type { Probe } from '../domain/balancing/balancer.ts'

const timeoutMs = 1000

/** Node keeps the connection open between pings, so that a ping is not a handshake. */
export const probeServer: Probe = async ({ id, url }) => {
  const answer = await fetch(new URL('/ping', url), {
    signal: AbortSignal.timeout(timeoutMs),
    redirect: 'error',
  })
  const body: unknown = await answer.json()
  if (!answer.ok || !isPong(body) || body.id !== id)
    throw new Error('This is not the server that was asked for.')
  return { sockets: body.sockets }
}

function isPong(body: unknown): body is { id: number; sockets: number } {
  return (
    typeof body === 'object' &&
    body !== null &&
    'id' in body &&
    'sockets' in body &&
    typeof body.sockets === 'number'
  )
}
