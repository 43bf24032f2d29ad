import { Client, subscriptionExchange } from '@urql/core'
import { createClient } from 'graphql-ws/client'
import { type Operations, operationsQuery, operationsSubscription } from './documents.ts'

/** How it ended: `refused` if it never told anything, `session-over` if no other server will either. */
export type SocketEnd = 'lost' | 'refused' | 'session-over'

const openWithinMs = 2500
/** A server that was stopped in its tracks keeps its sockets. It tells once a second; moving on costs little. */
const silentAfterMs = 1400
const intervalMs = 1000
const wholeHistory = 300
/** What others say of a second may come a little later. */
const freshHistory = 10

/** Follows the operations at one server until it ends, falls silent or is told to stop. */
export function followSocket(options: {
  readonly url: string
  readonly token: string
  readonly signal: AbortSignal
  onOperations(operations: Operations): void
}): Promise<SocketEnd> {
  const { url, token, signal, onOperations } = options
  const ended = Promise.withResolvers<SocketEnd>()
  let hasTold = false
  let isOver = false
  let watchdog = setTimeout(() => end(), openWithinMs)

  const socket = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    connectionParams: { token },
    lazy: false,
    retryAttempts: 0,
    // Told to `closed` as well, and there it has a code.
    onNonLazyError: () => undefined,
    on: {
      closed: (event) => end(isSessionOver(event) ? 'session-over' : undefined),
      error: () => end(),
    },
  })
  const client = new Client({
    url: 'unused: every operation goes over the socket',
    preferGetMethod: false,
    requestPolicy: 'network-only',
    exchanges: [
      subscriptionExchange({
        enableAllOperations: true,
        forwardSubscription: ({ query = '', ...request }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe(
              { query, ...request },
              {
                next: (result) => sink.next(result as Parameters<typeof sink.next>[0]),
                error: (error) => sink.error(error),
                complete: () => sink.complete(),
              },
            ),
          }),
        }),
      }),
    ],
  })

  function end(how?: SocketEnd) {
    // Terminating it below is told as closed.
    if (isOver) return
    isOver = true
    clearTimeout(watchdog)
    signal.removeEventListener('abort', stop)
    ended.resolve(how ?? (hasTold ? 'lost' : 'refused'))
    // `dispose` waits for the server to answer the close; a dead one never would.
    socket.terminate()
    void socket.dispose()
  }

  const stop = () => end('lost')
  signal.addEventListener('abort', stop)

  const take = (result: Answer) => {
    if (result.error?.graphQLErrors.some(isUnauthenticated)) return end('session-over')
    if (result.error !== undefined || result.hasNext === false) return end()
    if (result.data === undefined || isOver) return
    hasTold = true
    clearTimeout(watchdog)
    watchdog = setTimeout(() => end(), silentAfterMs)
    onOperations(result.data.operations)
  }
  void client
    .query(operationsQuery, { seconds: wholeHistory })
    .toPromise()
    .then(({ error, data }) => take({ error, data }))
  client.subscription(operationsSubscription, { seconds: freshHistory, intervalMs }).subscribe(take)
  return ended.promise
}

interface Answer {
  readonly data?: { readonly operations: Operations } | undefined
  readonly error?:
    | { readonly graphQLErrors: readonly { readonly extensions: object }[] }
    | undefined
  readonly hasNext?: boolean
}

function isUnauthenticated({ extensions }: { readonly extensions: object }): boolean {
  return 'code' in extensions && ['UNAUTHENTICATED', 'FORBIDDEN'].includes(String(extensions.code))
}

function isSessionOver(event: unknown): boolean {
  const { code } = (event ?? {}) as { readonly code?: unknown }
  return code === 4401 || code === 4403
}
