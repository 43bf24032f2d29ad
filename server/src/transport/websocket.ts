import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Server } from 'graphql-ws'
import { handleProtocols } from 'graphql-ws'
import { type RawData, WebSocket, WebSocketServer } from 'ws'
import { limits, type Rate } from '../domain/limits.ts'
import { errorFields, type Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import { isDatabaseUnavailable } from '../store/is-database-unavailable.ts'
import { type Connection, createConnection } from './connection.ts'
import type { Origins } from './origins.ts'
import { socketLimits } from './socket-limits.ts'
import { watchLiveness } from './socket-liveness.ts'

export interface SocketServer {
  handleUpgrade(request: IncomingMessage, wire: Duplex, head: Buffer): void
  readonly connections: ReadonlySet<Connection>
  /** No longer counts towards what strangers of one network may open. */
  signedIn(connection: Connection): void
  /** Refuses new sockets from now on. */
  stopAccepting(): void
  acceptAgain(): void
  close(): void
}

export interface SocketServerOptions {
  readonly protocol: Server<Connection>
  readonly origins: Origins
  readonly log: Log
  readonly metrics: Pick<Metrics, 'socketClosed'>
  /** The balancer answers requests and takes no sockets. */
  readonly takesSockets: boolean
  /** For each network: sockets that have not shown a token. */
  readonly unauthenticatedSockets: number
  readonly messageRate: Rate
  networkOf(request: IncomingMessage): string
  onClosed(connection: Connection): void
}

// A name of its own, because @types/ws does not know maxFragments and maxBufferedChunks yet.
const wsOptions = {
  noServer: true,
  clientTracking: false,
  maxPayload: limits.requestBytes,
  // With the library's defaults an attacker pins 2 MB of heap with 0.1 MB of fragments.
  maxFragments: socketLimits.fragments,
  maxBufferedChunks: socketLimits.bufferedChunks,
  // 268 kB for each socket instead of 28, and ciphertext does not compress.
  perMessageDeflate: false,
  closeTimeout: socketLimits.closeWithinMs,
  handleProtocols,
}

/** Sockets at /graphql: who may open one, and what every frame on it has to pass. */
export function createSocketServer(options: SocketServerOptions): SocketServer {
  const { protocol, origins, log } = options
  const connections = new Set<Connection>()
  const strangers = new Map<string, number>()
  let accepting = true
  const server = new WebSocketServer(wsOptions)
  const stopWatching = watchLiveness(connections)

  const countStranger = (network: string, change: 1 | -1) => {
    const count = (strangers.get(network) ?? 0) + change
    if (count === 0) strangers.delete(network)
    else strangers.set(network, count)
  }

  const open = (socket: WebSocket, wire: Duplex, network: string) => {
    const connection = createConnection({ socket, wire, network, messageRate: options.messageRate })
    connections.add(connection)
    countStranger(network, 1)
    const closed = listen(connection, protocol, log)
    socket.once('close', (code, reason) => {
      connections.delete(connection)
      if (connection.viewer === null && connection.operator === null) countStranger(network, -1)
      options.metrics.socketClosed(code)
      options.onClosed(connection)
      closed(code, reason.toString()).catch((error: unknown) =>
        log.error('socket-not-closed', errorFields(error)),
      )
    })
  }

  return {
    connections,
    handleUpgrade(request, wire, head) {
      // ws listens for errors only once it has taken over.
      wire.on('error', () => wire.destroy())
      if (request.url?.split('?', 1)[0] !== '/graphql') return refuse(wire, '404 Not Found')
      if (!origins.allows(request.headers.origin)) return refuse(wire, '403 Forbidden')
      if (!options.takesSockets)
        return refuse(
          wire,
          '426 Upgrade Required',
          'This is the balancer. Ask it for a server and connect there.',
        )
      if (!accepting)
        return refuse(
          wire,
          '503 Service Unavailable',
          'This server is being stopped. Connect to another.',
        )
      const network = options.networkOf(request)
      if ((strangers.get(network) ?? 0) >= options.unauthenticatedSockets)
        return refuse(
          wire,
          '429 Too Many Requests',
          'Too many sockets of this network have not signed in.',
        )
      server.handleUpgrade(request, wire, head, (socket) => open(socket, wire, network))
    },
    signedIn: ({ network }) => countStranger(network, -1),
    stopAccepting() {
      accepting = false
    },
    acceptAgain() {
      accepting = true
    },
    close() {
      accepting = false
      stopWatching()
      for (const { socket } of connections) socket.terminate()
      server.close()
    },
  }
}

/** Hands messages to the protocol. Returns what it wants to be told when the socket has closed. */
function listen(connection: Connection, protocol: Server<Connection>, log: Log) {
  const { socket } = connection
  let receive: (text: string) => Promise<void> = async () => {}

  const failed = (error: unknown) => {
    if (isDatabaseUnavailable(error)) return connection.close(1013, 'Try again later')
    if (error instanceof Error && error.message.startsWith('Unexpected message of type'))
      return connection.close(4400, 'Only servers send this')
    log.error('socket-failed', errorFields(error))
    connection.close(1011, 'Something went wrong')
  }
  const control = () => {
    connection.quietSeconds = 0
    if (!connection.control.take()) connection.close(1008, 'Too many pings')
  }

  socket.on('message', (data: RawData, isBinary) => {
    connection.quietSeconds = 0
    // What was already on its way when we closed is not worth an answer.
    if (socket.readyState !== WebSocket.OPEN) return
    if (isBinary) return connection.close(4400, 'Send text')
    if (!connection.messages.take()) return connection.close(1008, 'Too many messages')
    receive(data.toString()).catch(failed)
  })
  socket.on('ping', control)
  socket.on('pong', () => {
    connection.quietSeconds = 0
  })
  // ws closes by itself: 1009 for a frame that is too big, 1007 for what is not UTF-8, and so on.
  socket.on('error', () => {})

  return protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => connection.send(text),
      close: (code = 1000, reason = '') => connection.close(code, reason),
      onMessage(callback) {
        receive = callback
      },
      onPing() {
        control()
        return connection.send('{"type":"pong"}')
      },
      onPong: control,
    },
    connection,
  )
}

function refuse(wire: Duplex, status: string, why = ''): void {
  const body = JSON.stringify({ errors: [{ message: why || status }] })
  wire.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nRetry-After: 1\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
