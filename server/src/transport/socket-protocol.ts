import {
  type ExecutionArgs,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
} from 'graphql'
import { makeServer, type Server } from 'graphql-ws'
import type { Caller } from '../domain/authenticate.ts'
import type { ErrorCode } from '../domain/errors.ts'
import { limits } from '../domain/limits.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { Context } from '../schema/builder.ts'
import type { Connection } from './connection.ts'
import { runCounted, subscribeCounted } from './counted-operations.ts'
import type { Executor } from './execute.ts'
import type { MaskError } from './mask-error.ts'
import type { OperationGuard } from './operation-guard.ts'
import { socketLimits } from './socket-limits.ts'

export interface SocketProtocolOptions {
  readonly schema: GraphQLSchema
  readonly guard: OperationGuard
  readonly executor: Executor
  readonly maskError: MaskError
  authenticate(token: string): Promise<Caller | null>
  /** Called when a socket has shown who it belongs to. */
  onSignedIn(connection: Connection, caller: Caller): void
  acknowledge(viewer: Viewer | null): Record<string, unknown>
  contextFor(connection: Connection): Context
}

/** The graphql-transport-ws protocol, with our limits and without any work that can be done once for all messages. */
export function createSocketProtocol(options: SocketProtocolOptions): Server<Connection> {
  const { schema, guard, executor, maskError } = options
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
      const caller = typeof token === 'string' ? await options.authenticate(token) : null
      if (caller === null) return false
      options.onSignedIn(connection, caller)
      return options.acknowledge(caller.viewer)
    },

    onSubscribe({ extra: connection }, _id, { query, variables, operationName }) {
      const prepared = guard.prepare(query, variables)
      if (prepared.kind === 'refused') return prepared.errors.map(maskError)
      if (operationName != null && operationName !== prepared.name)
        return refuse('BAD_USER_INPUT', 'The document holds no operation of that name.')
      // Counted from here on: many messages pass this point before the first of them is run.
      const isSubscription = prepared.operation === OperationTypeNode.SUBSCRIPTION
      if (isSubscription) {
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
      if (isSubscription) connection.subscriptions += 1
      else connection.operations += 1
      return {
        schema,
        document: prepared.document,
        operationName,
        variableValues: variables,
        contextValue: options.contextFor(connection),
        hideSuggestions: true,
      }
    },

    execute: (args) => runCounted(executor, connectionOf(args), args),
    subscribe: (args) => subscribeCounted(executor, connectionOf(args), args),

    onNext(_context, _id, _payload, _args, result) {
      // As it is, and it has no errors that want formatting: the library would copy it.
      if (result.errors === undefined) return result as FormattedExecutionResult
      const errors = result.errors.map((error) => maskError(error).toJSON())
      return { data: result.data ?? null, errors }
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
