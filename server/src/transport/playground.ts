import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { fillTabs } from './playground-fill.ts'
import { playgroundTabs } from './playground-tabs.ts'

type Encoding = 'br' | 'gzip' | 'identity'

interface Page {
  readonly etag: string
  readonly bodies: Readonly<Record<Encoding, Buffer>>
}

/** Looser than anywhere else, on this page alone: GraphiQL is one file with its scripts, styles and workers inside. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  'worker-src blob:',
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** GraphiQL without the internet: rendered and compressed once, when somebody first asks for it (9 MB of text). */
export function createPlayground(): (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void> {
  let page: Promise<Page> | null = null

  return async (request, response) => {
    page ??= renderPage()
    const { etag, bodies } = await page
    response.setHeader('content-security-policy', policy)
    response.setHeader('cache-control', 'no-cache')
    response.setHeader('vary', 'accept-encoding')
    response.setHeader('etag', etag)
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304).end()
      return
    }
    const encoding = chooseEncoding(request.headers['accept-encoding'] ?? '')
    if (encoding !== 'identity') response.setHeader('content-encoding', encoding)
    const body = bodies[encoding]
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-length': body.length,
    })
    response.end(request.method === 'HEAD' ? undefined : body)
  }
}

async function renderPage(): Promise<Page> {
  // Imported late: 37 MB and half a second that a server without visitors does not spend.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  const options = {
    title: 'FastChat playground',
    endpoint: '/graphql',
    // Over a socket GraphiQL leaves the headers out, and with them the token.
    subscriptionsProtocol: 'SSE' as const,
    // A token typed here must not stay in the browser's storage.
    shouldPersistHeaders: false,
    defaultTabs: [...playgroundTabs],
  }
  const identity = Buffer.from(fillWhenOpened(renderGraphiQL(options), JSON.stringify(options)))
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
    promisify(gzip)(identity),
  ])
  const etag = `"${createHash('sha256').update(identity).digest('base64url').slice(0, 22)}"`
  return { etag, bodies: { identity, br, gzip: gz } }
}

/** Has the page pass its own options through `fillTabs` before it draws itself. */
function fillWhenOpened(html: string, options: string): string {
  const at = html.lastIndexOf(options)
  if (at < 0)
    throw new Error('unreachable: the page does not hold the options it was rendered with')
  const call = `(${fillTabs.toString()})(${options})`
  return html.slice(0, at) + call + html.slice(at + options.length)
}

function chooseEncoding(accepted: string): Encoding {
  if (/\bbr\b/.test(accepted)) return 'br'
  return /\bgzip\b/.test(accepted) ? 'gzip' : 'identity'
}
