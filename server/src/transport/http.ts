import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import type { Caller } from '../domain/authenticate.ts'
import type { ErrorCode } from '../domain/errors.ts'
import { limits } from '../domain/limits.ts'
import type { Context } from '../schema/builder.ts'
import type { GraphqlOverHttp } from './graphql-over-http.ts'
import type { MaskError } from './mask-error.ts'
import { refusal } from './mask-error.ts'
import type { OpenRequests } from './open-requests.ts'
import type { Origins } from './origins.ts'
import { readBody } from './request-body.ts'
import { setSecurityHeaders } from './security-headers.ts'
import type { StaticFiles } from './static-files.ts'

export interface HttpOptions {
  readonly graphql: GraphqlOverHttp
  readonly health: ReadonlyMap<string, (response: ServerResponse) => Promise<void>>
  readonly playground:
    | ((request: IncomingMessage, response: ServerResponse) => Promise<void>)
    | null
  /** What else is at an address that can be got: the web app. */
  readonly files: StaticFiles | null
  readonly origins: Origins
  readonly isHttps: boolean
  readonly requests: Pick<OpenRequests, 'add' | 'belongsTo'>
  readonly maskError: MaskError
  networkOf(request: IncomingMessage): string
  authenticate(token: string): Promise<Caller | null>
  contextFor(caller: Caller & Pick<Context, 'network'>): Context
}

/** One endpoint for GraphQL, a page to try it on, and what operators ask for. Everything else is a 404. */
export function createHttpHandler(options: HttpOptions): RequestListener {
  const { health, playground, origins, isHttps, maskError } = options

  const route = async (request: IncomingMessage, response: ServerResponse) => {
    options.requests.add(response)
    setSecurityHeaders(response, isHttps)
    const path = request.url?.split('?', 1)[0] ?? '/'
    if (path === '/graphql') return serveGraphql(options, request, response)
    const answer = health.get(path) ?? (path === '/playground' && playground?.bind(null, request))
    if (!answer) {
      if (await getFile(options, request, response)) return
      return refuse(response, 404, 'NOT_FOUND', 'There is nothing at this address.')
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      return refuse(response, 405, 'BAD_USER_INPUT', 'Use GET.')
    }
    if (!origins.allows(request.headers.origin)) return refuseOrigin(response)
    await answer(response)
  }

  return (request, response) => {
    route(request, response).catch((error: unknown) => {
      const masked = maskError(error)
      if (response.headersSent) response.destroy()
      else send(response, 500, { errors: [masked] })
    })
  }
}

async function getFile(
  { files }: HttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (files === null || (request.method !== 'GET' && request.method !== 'HEAD')) return false
  return files(request, response)
}

async function serveGraphql(
  options: HttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { origin } = request.headers
  if (!options.origins.allows(origin)) return refuseOrigin(response)
  if (origin !== undefined) allowOrigin(response, origin)
  if (request.method === 'OPTIONS') {
    response.writeHead(204).end()
    return
  }
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST')
    return refuse(response, 405, 'BAD_USER_INPUT', 'Send operations with POST.')
  }
  // Anything a form could send is refused: a browser asks first before it sends JSON to another origin.
  if (
    !/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '') ||
    request.headers['content-encoding'] !== undefined
  )
    return refuse(
      response,
      415,
      'BAD_USER_INPUT',
      'Send the operation as application/json, uncompressed.',
    )

  const body = await readBody(request, limits.requestBytes)
  if (body.kind === 'aborted') return
  if (body.kind === 'too-large') {
    response.setHeader('connection', 'close')
    return refuse(
      response,
      413,
      'PAYLOAD_TOO_LARGE',
      `A request may have at most ${limits.requestBytes} bytes.`,
    )
  }

  const token = bearerToken(request.headers.authorization)
  const caller = token === null ? nobody : await options.authenticate(token)
  if (caller === null)
    return refuse(
      response,
      401,
      'UNAUTHENTICATED',
      'Your session has ended. Sign in and try again.',
    )

  if (caller.viewer !== null) options.requests.belongsTo(response, caller.viewer.sessionId)
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const answer = await options.graphql(
    { body: body.text, accept: request.headers.accept ?? 'application/json', signal: gone.signal },
    options.contextFor({ ...caller, network: options.networkOf(request) }),
  )
  await forward(answer, response)
}

const nobody: Caller = { viewer: null, operator: null }

function bearerToken(header: string | undefined): string | null {
  if (header === undefined) return null
  return /^Bearer +(\S+)$/i.exec(header)?.[1] ?? ''
}

async function forward(answer: Response, response: ServerResponse): Promise<void> {
  response.statusCode = answer.status
  response.setHeaders(answer.headers)
  if (answer.body === null) {
    response.end()
    return
  }
  // A reader that goes away ends the subscription behind the stream; that is no error.
  await pipeline(Readable.fromWeb(answer.body as NodeReadableStream), response).catch(() =>
    response.destroy(),
  )
}

function allowOrigin(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-allow-methods', 'POST')
  response.setHeader('access-control-allow-headers', 'authorization, content-type')
  response.setHeader('access-control-max-age', '600')
  response.setHeader('cross-origin-resource-policy', 'cross-origin')
  response.setHeader('vary', 'origin')
}

function refuseOrigin(response: ServerResponse): void {
  refuse(
    response,
    403,
    'FORBIDDEN',
    'Pages of this origin may not use this server. FASTCHAT_ORIGINS can add it.',
  )
}

function refuse(response: ServerResponse, status: number, code: ErrorCode, message: string): void {
  send(response, status, refusal(code, message))
}

function send(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify(body))
}
