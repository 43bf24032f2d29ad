import { once } from 'node:events'
import WebSocket, { type ClientOptions } from 'ws'

export interface TestSocket {
  readonly raw: WebSocket
  send(message: object | string): void
  /** The next message that was not taken yet. */
  next(): Promise<ServerMessage>
  /** The next message that belongs to an operation. */
  nextOf(id: string): Promise<ServerMessage>
  /** Resolves when the other side closed. */
  closed(): Promise<{ code: number; reason: string }>
  isOpen(): boolean
  end(): void
}

export interface ServerMessage {
  readonly type: string
  readonly id?: string
  // biome-ignore lint/suspicious/noExplicitAny: what a server sends is what the test looks at.
  readonly payload?: any
}

const withinMs = 15_000

export interface SocketOptions extends Pick<ClientOptions, 'headers' | 'perMessageDeflate'> {
  readonly subprotocols?: string[]
}

export async function openSocket(
  url: string,
  { subprotocols = ['graphql-transport-ws'], ...options }: SocketOptions = {},
): Promise<TestSocket> {
  const raw = new WebSocket(`${url.replace('http', 'ws')}/graphql`, subprotocols, options)
  const messages: ServerMessage[] = []
  let wake = () => {}
  raw.on('message', (data) => {
    messages.push(JSON.parse(data.toString()) as ServerMessage)
    wake()
  })
  raw.on('error', () => {})
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    raw.once('close', (code, reason) => {
      wake()
      resolve({ code, reason: String(reason) })
    })
  })
  await Promise.race([
    once(raw, 'open'),
    once(raw, 'unexpected-response').then(([request, response]) => {
      request.destroy()
      throw new UpgradeRefused(response.statusCode)
    }),
  ])

  const take = async (isWanted: (message: ServerMessage) => boolean) => {
    const deadline = AbortSignal.timeout(withinMs)
    for (;;) {
      const index = messages.findIndex(isWanted)
      if (index >= 0) return messages.splice(index, 1)[0] as ServerMessage
      if (raw.readyState !== WebSocket.OPEN)
        throw new Error('The socket closed before the message came.')
      if (deadline.aborted)
        throw new Error(`No such message; there were ${JSON.stringify(messages)}.`)
      await new Promise<void>((resolve) => {
        wake = resolve
        deadline.addEventListener('abort', () => resolve(), { once: true })
      })
    }
  }

  return {
    raw,
    send: (message) => raw.send(typeof message === 'string' ? message : JSON.stringify(message)),
    next: () => take(() => true),
    nextOf: (id) => take((message) => message.id === id),
    closed: () =>
      Promise.race([
        closed,
        new Promise<never>((_resolve, reject) => {
          AbortSignal.timeout(withinMs).addEventListener('abort', () =>
            reject(new Error('The socket stayed open.')),
          )
        }),
      ]),
    isOpen: () => raw.readyState === WebSocket.OPEN,
    end: () => raw.terminate(),
  }
}

/** Opens a socket and says hello. */
export async function openReadySocket(url: string, payload?: object): Promise<TestSocket> {
  const socket = await openSocket(url)
  socket.send({ type: 'connection_init', payload })
  const { type } = await socket.next()
  if (type !== 'connection_ack') throw new Error(`"connection_ack" expected, got "${type}".`)
  return socket
}

export function subscribe(id: string, query: string, variables?: object) {
  return { id, type: 'subscribe', payload: { query, variables } }
}

export class UpgradeRefused extends Error {
  readonly status: number
  constructor(status: number) {
    super(`The upgrade was answered with ${status}.`)
    this.status = status
  }
}

/** The status of a refused upgrade; null when it was accepted. */
export async function upgradeStatus(
  url: string,
  options: SocketOptions = {},
): Promise<number | null> {
  try {
    const socket = await openSocket(url, options)
    socket.end()
    return null
  } catch (error) {
    if (error instanceof UpgradeRefused) return error.status
    throw error
  }
}
