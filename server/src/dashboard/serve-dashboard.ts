import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { setSecurityHeaders } from '../transport/security-headers.ts'
import { createStaticFiles } from '../transport/static-files.ts'
import { dashboardPolicy } from './dashboard-policy.ts'
import type { ServerList } from './server-list.ts'

/** Two things to get: the built page, and `/servers`, where it finds whom to ask. */
export function serveDashboard({
  folder,
  servers,
}: {
  readonly folder: string
  readonly servers: ServerList
}): RequestListener {
  const files = createStaticFiles({
    folder,
    async pagePolicy(scriptHashes) {
      const addresses = await servers.look()
      return dashboardPolicy(scriptHashes, [addresses.balancer, ...addresses.servers])
    },
  })

  const route = async (request: IncomingMessage, response: ServerResponse) => {
    // TLS, and what is to be said of it, is for the proxy in front.
    setSecurityHeaders(response, false)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end()
      return
    }
    const path = request.url?.split('?', 1)[0]
    if (path === '/health') return sendJson(response, { ok: true })
    if (path === '/servers') return sendJson(response, await servers.look())
    if (await files(request, response)) return
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
    response.end('There is nothing at this address.')
  }

  return (request, response) => {
    route(request, response).catch(() => {
      if (response.headersSent) response.destroy()
      else response.writeHead(500).end('The dashboard is not built. Run "npm run build".')
    })
  }
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(value))
}
