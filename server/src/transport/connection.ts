import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import type { Rate } from '../domain/limits.ts'
import type { Operator } from '../domain/operations/operator.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { SocketHandle } from '../schema/builder.ts'
import { type Allowance, createAllowance, socketLimits } from './socket-limits.ts'
import { corkUntilTurnEnds } from './write-coalescing.ts'

/** One open socket. */
export interface Connection extends SocketHandle {
  readonly network: string
  readonly socket: WebSocket
  /** Null until connection_init brought a token; stays null for those who came to sign up or in. */
  viewer: Viewer | null
  /** Instead of a viewer, on a socket of the dashboard. */
  operator: Operator | null
  operations: number
  subscriptions: number
  /** Operations that were refused because too many were running. */
  refusals: number
  readonly messages: Allowance
  readonly control: Allowance
  /** Seconds since anything was heard. */
  quietSeconds: number
  slowSeconds: number
  /** Returns a promise when the client should read before it is sent more. */
  send(text: string): Promise<void> | undefined
  /** Closes as soon as no operation is running, at the latest after `withinMs`. */
  closeWhenIdle(code: number, reason: string, withinMs: number): void
  /** To be called when an operation has ended. */
  operationEnded(): void
}

export function createConnection(options: {
  readonly socket: WebSocket
  /** What the WebSocket writes to. */
  readonly wire: Duplex
  readonly network: string
  readonly messageRate: Rate
}): Connection {
  const { socket, wire, network } = options
  let drained: Promise<void> | null = null
  let closeIdle: (() => void) | null = null

  const untilDrained = () => {
    drained ??= new Promise<void>((resolve) => {
      const done = () => {
        drained = null
        wire.off('drain', done)
        wire.off('close', done)
        resolve()
      }
      wire.once('drain', done)
      wire.once('close', done)
    })
    return drained
  }

  const connection: Connection = {
    id: randomUUID(),
    network,
    socket,
    viewer: null,
    operator: null,
    operations: 0,
    subscriptions: 0,
    refusals: 0,
    messages: createAllowance(options.messageRate),
    control: createAllowance(socketLimits.control),
    quietSeconds: 0,
    slowSeconds: 0,
    send(text) {
      if (socket.readyState !== WebSocket.OPEN) return undefined
      corkUntilTurnEnds(wire)
      socket.send(text)
      return wire.writableLength > socketLimits.highWaterBytes ? untilDrained() : undefined
    },
    close(code, reason) {
      socket.close(code, reason)
    },
    closeWhenIdle(code, reason, withinMs) {
      if (connection.operations === 0) return socket.close(code, reason)
      const timer = setTimeout(() => closeIdle?.(), withinMs)
      closeIdle = () => {
        clearTimeout(timer)
        socket.close(code, reason)
      }
    },
    operationEnded() {
      connection.operations -= 1
      // After the answer, which is written in this turn.
      if (connection.operations === 0 && closeIdle !== null) setImmediate(closeIdle)
    },
  }
  return connection
}
