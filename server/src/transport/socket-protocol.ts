import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
  subscribe,
} from 'graphql'
import { makeServer, type Server } from 'graphql-ws'
import type { ErrorCode } from '../domain/errors.ts'
import { limits } from '../domain/limits.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { Context } from '../schema/builder.ts'
import type { Connection } from './connection.ts'
import type { MaskError } from './mask-error.ts'
import type { OperationGuard } from './operation-guard.ts'
import { socketLimits } from './socket-limits.ts'

export interface SocketProtocolOptions {
  readonly schema: GraphQLSchema
  readonly guard: OperationGuard
  readonly maskError: MaskError
  authenticate(token: string): Promise<Viewer | null>
  /** Called when a socket has shown who it belongs to. */
  onSignedIn(connection: Connection, viewer: Viewer): void
  acknowledge(viewer: Viewer | null): Record<string, unknown>
  contextFor(connection: Connection): Context
}

/** The graphql-transport-ws protocol, with our limits and without any work that can be done once for all messages. */
export function createSocketProtocol(options: SocketProtocolOptions): Server<Connection> {
  const { schema, guard, maskError } = options
  const refuse = (code: ErrorCode, message: string, extensions = {}) => [
    maskError(new GraphQLError(message, { extensions: { code, ...extensions } })),
  ]

  const refuseBusy = (
    connection: Connection,
    code: ErrorCode,
    message: string,
    extensions = {},
  ) => {
    connection.refusals += 1
    if (connection.refusals > socketLimits.refusals) connection.close(1008, 'Too many operations')
    return refuse(code, message, extensions)
  }

  return makeServer<ConnectionParams, Connection>({
    connectionInitWaitTimeout: socketLimits.initWithinMs,

    async onConnect({ connectionParams, extra: connection }) {
      const token = connectionParams?.token
      if (token === undefined || token === null) return options.acknowledge(null)
      const viewer = typeof token === 'string' ? await options.authenticate(token) : null
      if (viewer === null) return false
      options.onSignedIn(connection, viewer)
      return options.acknowledge(viewer)
    },

    onSubscribe({ extra: connection }, _id, { query, variables, operationName }) {
      const prepared = guard.prepare(query)
      if (prepared.kind === 'refused') return prepared.errors.map(maskError)
      if (prepared.operation === OperationTypeNode.SUBSCRIPTION) {
        if (connection.subscriptions >= limits.socketSubscriptions)
          return refuseBusy(
            connection,
            'TOO_MANY_SUBSCRIPTIONS',
            `A socket may have at most ${limits.socketSubscriptions} subscriptions. End one first.`,
          )
      } else if (connection.operations >= limits.socketOperations)
        return refuseBusy(
          connection,
          'RATE_LIMITED',
          `A socket may have at most ${limits.socketOperations} operations running. Wait for one to end.`,
          { retryAfterMs: 100 },
        )
      return {
        schema,
        document: prepared.document,
        operationName,
        variableValues: variables,
        contextValue: options.contextFor(connection),
        hideSuggestions: true,
      }
    },

    execute: (args) => runOperation(args),
    subscribe: (args) => runSubscription(args),

    onNext(_context, _id, _payload, _args, result) {
      if (result.errors === undefined) return undefined
      return { ...result, errors: result.errors.map((error) => maskError(error).toJSON()) }
    },
  })
}

interface ConnectionParams extends Record<string, unknown> {
  readonly token?: unknown
}

function connectionOf(args: ExecutionArgs): Connection {
  // contextFor put it there.
  return (args.contextValue as Context).socket as Connection
}

/** A client may forget an operation while it still runs, so the count is kept here and not by the protocol's ids. */
async function runOperation(args: ExecutionArgs): Promise<ExecutionResult> {
  const connection = connectionOf(args)
  connection.operations += 1
  try {
    return await execute(args)
  } finally {
    connection.operationEnded()
  }
}

async function runSubscription(args: ExecutionArgs) {
  const connection = connectionOf(args)
  connection.subscriptions += 1
  let isOpen = true
  const ended = () => {
    if (isOpen) connection.subscriptions -= 1
    isOpen = false
  }
  try {
    const results = await subscribe(args)
    if (!(Symbol.asyncIterator in results)) {
      ended()
      return results
    }
    return noticeEnd(results, ended)
  } catch (error) {
    ended()
    throw error
  }
}

/** By hand: a generator that nobody has read from yet does not notice that it was ended. */
function noticeEnd<T>(
  source: AsyncGenerator<T, void, void>,
  ended: () => void,
): AsyncGenerator<T, void, void> {
  const settle = <R extends IteratorResult<T, void>>(result: R): R => {
    if (result.done === true) ended()
    return result
  }
  const failed = (error: unknown): never => {
    ended()
    throw error
  }
  return {
    next: () => source.next().then(settle, failed),
    return() {
      ended()
      return source.return()
    },
    throw(error) {
      ended()
      return source.throw(error)
    },
    [Symbol.asyncIterator]() {
      return this
    },
    async [Symbol.asyncDispose]() {
      await this.return()
    },
  }
}
