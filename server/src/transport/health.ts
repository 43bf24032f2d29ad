import type { ServerResponse } from 'node:http'

export interface HealthChecks {
  readonly serverId: number
  isDraining(): boolean
  openSockets(): number
  /** One statement through the database pool, queueing like everything else. */
  askDatabase(): Promise<void>
  metrics(): Promise<{ contentType: string; text: string }>
}

type Answer = (response: ServerResponse) => Promise<void>

/** What supervisors, balancers and monitors ask for. */
export function createHealthRoutes(checks: HealthChecks): ReadonlyMap<string, Answer> {
  const ready = async () => {
    if (checks.isDraining()) return 'draining'
    return checks.askDatabase().then(
      () => 'ready',
      () => 'the database does not answer',
    )
  }
  return new Map<string, Answer>([
    ['/health', async (response) => json(response, 200, { status: 'up' })],
    [
      '/ready',
      async (response) => {
        const status = await ready()
        json(response, status === 'ready' ? 200 : 503, { status })
      },
    ],
    [
      // The balancer's: a server whose event loop or database pool is slow is slow to its clients as well.
      '/ping',
      async (response) => {
        const status = await ready()
        json(response, status === 'ready' ? 200 : 503, {
          id: checks.serverId,
          sockets: checks.openSockets(),
        })
      },
    ],
    [
      '/metrics',
      async (response) => {
        const { contentType, text } = await checks.metrics()
        response.writeHead(200, { 'content-type': contentType }).end(text)
      },
    ],
  ])
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
