import { readFile } from 'node:fs/promises'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import path from 'node:path'
import { readBody } from '../../server/src/transport/request-body.ts'
import { setSecurityHeaders } from '../../server/src/transport/security-headers.ts'
import { Halt } from '../halt.mjs'
import type { Door, Links } from './links.ts'

/** What whoever redeemed a link may do now. */
export type Opened =
  | { readonly kind: 'operator'; readonly name: string; readonly password: string }
  | {
      readonly kind: 'person'
      readonly name: string
      readonly password: string
      /** Whose conversation is opened first. */
      readonly greeter: string
    }
  | { readonly kind: 'go'; readonly url: string }
  | { readonly kind: 'desk'; readonly key: string }

export interface DeskOptions {
  readonly links: Links
  /** Whether this is the key of the person who started the demo. */
  isKey(key: string): boolean
  open(door: Door): Promise<Opened>
  state(): object
  /** Throws a `Halt` with what to tell the person who asked for something that is not to be had. */
  fulfil(wish: Readonly<Record<string, unknown>>): Promise<object>
}

const pageFolder = path.join(import.meta.dirname, 'page')
const look = path.join(import.meta.dirname, '../../client-web/src/lib/look/tokens.css')
const files: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  '/demo/': { file: path.join(pageFolder, 'index.html'), type: 'text/html' },
  '/demo/api': { file: path.join(pageFolder, 'index.html'), type: 'text/html' },
  '/demo/desk.js': { file: path.join(pageFolder, 'desk.js'), type: 'text/javascript' },
  '/demo/desk.css': { file: path.join(pageFolder, 'desk.css'), type: 'text/css' },
  '/demo/tokens.css': { file: look, type: 'text/css' },
}
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const bodyBytes = 4096

/** Everything below /demo/: the page with the buttons, the redeeming of links, and what the command line asks for. */
export function createDesk(options: DeskOptions): RequestListener {
  return (request, response) => {
    serve(options, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else if (error instanceof Halt) send(response, 409, { problem: error.message })
      else send(response, 500, { problem: 'The demo could not do that. Its terminal may say why.' })
    })
  }
}

async function serve(
  options: DeskOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  setSecurityHeaders(response, false)
  const at = request.url?.split('?', 1)[0] ?? ''
  // Another name for this machine may be somebody's who wants to read our answers (DNS rebinding).
  if (!/^(127\.0\.0\.1|localhost):\d+$/.test(request.headers.host ?? ''))
    return send(response, 421, { problem: 'The demo is at 127.0.0.1 and nowhere else.' })
  if (request.method === 'GET') return sendFile(at, response)
  if (request.method !== 'POST') return send(response, 405, { problem: 'Use GET or POST.' })
  const asked = await readQuestion(request)
  if (asked === undefined)
    return send(response, 403, { problem: 'Only pages of this demo may ask.' })

  if (at === '/demo/redeem') {
    const door = options.links.redeem(String(asked.secret))
    if (door === undefined)
      return send(response, 410, {
        problem: 'This link was used already. npm run demo -- links prints new ones.',
      })
    return send(response, 200, await options.open(door))
  }
  const key = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
  if (key === undefined || !options.isKey(key))
    return send(response, 401, { problem: 'This needs the key of whoever started the demo.' })
  if (at === '/demo/state') return send(response, 200, options.state())
  if (at === '/demo/do') return send(response, 200, await options.fulfil(asked))
  return send(response, 404, { problem: 'There is nothing at this address.' })
}

/** JSON from a page of this very origin, or from no page at all. */
async function readQuestion(
  request: IncomingMessage,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { origin, host } = request.headers
  if (origin !== undefined && origin !== `http://${host}`) return undefined
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return undefined
  const body = await readBody(request, bodyBytes)
  if (body.kind !== 'read') return undefined
  try {
    const value: unknown = JSON.parse(body.text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

async function sendFile(at: string, response: ServerResponse): Promise<void> {
  const found = files[at]
  if (found === undefined)
    return send(response, 404, { problem: 'There is nothing at this address.' })
  response.setHeader('content-security-policy', pagePolicy)
  response.writeHead(200, { 'content-type': `${found.type}; charset=utf-8` })
  response.end(await readFile(found.file))
}

function send(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(value))
}
