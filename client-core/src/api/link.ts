import { Client, subscriptionExchange } from '@urql/core'
import { createClient } from 'graphql-ws/client'
import { ChatError, networkError } from '../errors.ts'
import { fromScalar } from './bytes-scalar.ts'
import type { ConnectOptions, Link, LinkClosed, LinkHello } from './chat-api.ts'
import { endpoint } from './endpoint.ts'
import { inboxBatch } from './inbox-batch.ts'
import { inboxSubscription } from './operations/mailbox.ts'
import { createOperations } from './operations.ts'
import { createRunner, inTime } from './runner.ts'

const openWithinMs = 6_000
const answerWithinMs = 15_000
const pingEveryMs = 10_000
const pongWithinMs = 5_000

/** Opens one socket to one server. It is never opened again: that is for whoever owns the retry. */
export async function openLink(options: ConnectOptions): Promise<Link> {
  const hello = Promise.withResolvers<LinkHello>()
  const socket = openSocket(options, hello)
  const { close } = socket
  try {
    return createLink(await inTime(hello.promise, openWithinMs), socket)
  } catch (error) {
    close()
    throw error
  }
}

type Hello = PromiseWithResolvers<LinkHello>

function openSocket({ url, token, onClosed }: ConnectOptions, hello: Hello) {
  let isClosed = false
  let pongTimer: ReturnType<typeof setTimeout> | undefined
  let isOpen = false

  const ended = (reason: LinkClosed, error: ChatError) => {
    clearTimeout(pongTimer)
    hello.reject(error)
    if (isClosed) return
    isClosed = true
    if (isOpen) onClosed(reason)
  }

  const socket = createClient({
    url: endpoint(url).socket,
    connectionParams: { token },
    lazy: false,
    retryAttempts: 0,
    connectionAckWaitTimeout: openWithinMs,
    keepAlive: pingEveryMs,
    // Told to `closed` as well, and there it has a code.
    onNonLazyError: () => undefined,
    on: {
      connected: (_socket, payload) => {
        isOpen = true
        hello.resolve(readHello(payload))
      },
      closed: (event) => {
        const code = closeCode(event)
        ended(reasonOf(code), errorOf(code))
      },
      error: () => ended({ kind: 'lost' }, networkError()),
      ping: (isReceived) => {
        if (!isReceived) pongTimer = setTimeout(() => socket.terminate(), pongWithinMs)
      },
      pong: (isReceived) => {
        if (isReceived) clearTimeout(pongTimer)
      },
    },
  })

  return {
    socket,
    isClosed: () => isClosed,
    close: () => {
      ended({ kind: 'lost' }, networkError())
      // `dispose` waits for the server to answer the close; a dead one never would.
      socket.terminate()
      void socket.dispose()
    },
  }
}

function createLink(
  hello: LinkHello,
  { socket, isClosed, close }: ReturnType<typeof openSocket>,
): Link {
  const client = new Client({
    url: 'unused: every operation goes over the socket',
    preferGetMethod: false,
    requestPolicy: 'network-only',
    exchanges: [
      subscriptionExchange({
        enableAllOperations: true,
        forwardSubscription: ({ query = '', ...request }) => ({
          subscribe(sink) {
            // graphql-ws would open a second socket for it, which nobody looks after.
            if (isClosed()) sink.error(networkError())
            else return later(socket.subscribe({ query, ...request }, looser(sink)))
            return { unsubscribe: () => undefined }
          },
        }),
      }),
    ],
  })
  return {
    hello,
    operations: createOperations(createRunner(client, answerWithinMs)),
    watchInbox(attachmentId, onBatch) {
      client.subscription(inboxSubscription, { attachmentId }).subscribe((result) => {
        // When the server ends it, urql gives the last result a second time, with this mark.
        if (result.hasNext === false || result.error !== undefined) return close()
        if (result.data !== undefined) onBatch(inboxBatch(result.data.inbox))
      })
    },
    close,
  }
}

/**
 * urql unsubscribes in the middle of the one result of a query. Node's WebSocket may hand over the
 * completion in the same breath, graphql-ws then counts the operation down twice, and takes the
 * socket for one that nobody uses. A microtask later it knows that the operation is complete.
 */
function later(unsubscribe: () => void) {
  return { unsubscribe: () => queueMicrotask(unsubscribe) }
}

type SubscriptionSink = Parameters<
  ReturnType<Parameters<typeof subscriptionExchange>[0]['forwardSubscription']>['subscribe']
>[0]

/** urql and graphql-ws name one thing, a result as it came, by two types. */
function looser(sink: SubscriptionSink) {
  return {
    next: (result: unknown) => sink.next(result as Parameters<typeof sink.next>[0]),
    error: (error: unknown) => sink.error(error),
    complete: () => sink.complete(),
  }
}

function readHello(payload: unknown): LinkHello {
  const { serverId, challenge } = (payload ?? {}) as Record<string, unknown>
  return {
    serverId: String(serverId),
    ...(typeof challenge === 'string' && { challenge: fromScalar(challenge) }),
  }
}

function closeCode(event: unknown): number {
  const { code } = (event ?? {}) as { code?: unknown }
  return typeof code === 'number' ? code : 1006
}

function reasonOf(code: number): LinkClosed {
  if (code === 4401 || code === 4403) return { kind: 'session-ended' }
  if (code === 4410) return { kind: 'replaced' }
  return { kind: 'lost' }
}

function errorOf(code: number): ChatError {
  if (reasonOf(code).kind !== 'session-ended') return networkError()
  return new ChatError('UNAUTHENTICATED', 'Your session has ended. Sign in again.')
}
