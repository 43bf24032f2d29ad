import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import ErrorsPlugin from '@pothos/plugin-errors'
import PrismaPlugin from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import ScopeAuthPlugin, { type AuthFailure } from '@pothos/plugin-scope-auth'
import ValidationPlugin from '@pothos/plugin-validation'
import type { Deps } from '../domain/deps.ts'
import { ForbiddenError, InvalidInputError, UnauthenticatedError } from '../domain/errors.ts'
import { limits } from '../domain/limits.ts'
import type { Operator } from '../domain/operations/operator.ts'
import type { DeviceViewer, Viewer } from '../domain/viewer.ts'
import type PrismaTypes from '../generated/pothos.ts'
import { getDatamodel } from '../generated/pothos.ts'
import { decodeNodeId, encodeNodeId } from './node-id.ts'

export interface Context {
  readonly deps: Deps
  readonly viewer: Viewer | null
  /** Instead of a viewer: nobody is both. */
  readonly operator: Operator | null
  /** Where the request came from, for limits: an address prefix (/24 or /56), never logged. */
  readonly network: string
  /** The socket an operation arrived on; null over HTTP. */
  readonly socket: SocketHandle | null
}

/** What a subscription may do to the socket it runs on. */
export interface SocketHandle {
  readonly id: string
  close(code: number, reason: string): void
}

export const builder = new SchemaBuilder<{
  DefaultFieldNullability: false
  PrismaTypes: PrismaTypes
  Context: Context
  AuthScopes: { signedIn: boolean; device: boolean; operator: boolean }
  AuthContexts: {
    signedIn: Context & { viewer: Viewer }
    device: Context & { viewer: DeviceViewer }
    operator: Context & { operator: Operator }
  }
  Scalars: {
    Bytes: { Input: Uint8Array<ArrayBuffer>; Output: Uint8Array }
    Cursor: { Input: bigint; Output: bigint }
    DateTime: { Input: Date; Output: Date }
    ID: { Input: string; Output: string }
  }
}>({
  defaultFieldNullability: false,
  plugins: [
    ErrorsPlugin,
    ScopeAuthPlugin,
    ValidationPlugin,
    PrismaPlugin,
    RelayPlugin,
    ComplexityPlugin,
  ],
  prisma: {
    // Resolvers read through the store in the context; the plugin only maps columns to fields.
    client: (context) => context.deps.store.prisma,
    dmmf: getDatamodel(),
    maxConnectionSize: limits.pageSize,
    defaultConnectionSize: 20,
  },
  relay: {
    clientMutationId: 'omit',
    cursorType: 'String',
    encodeGlobalID: encodeNodeId,
    decodeGlobalID: decodeNodeId,
    nodeTypeOptions: { description: 'Something that can be fetched again by its id.' },
    // Who asks for a page has paid for its length where it says how long.
    edgesFieldOptions: { complexity: { field: 1, multiplier: 1 } },
    pageInfoTypeOptions: { description: 'Where a page lies in its list.' },
    nodeQueryOptions: {
      description: 'Anything by its opaque id; null when it is not there.',
      authScopes: { device: true },
    },
    nodesQueryOptions: {
      description: 'The same for several ids, in their order.',
      authScopes: { device: true },
    },
  },
  scopeAuth: {
    // Or a subscription would begin for anybody, and be checked only when it has something to say.
    authorizeOnSubscribe: true,
    authScopes: ({ viewer, operator, deps }) => ({
      signedIn: viewer !== null,
      device: viewer?.deviceId != null,
      // Looked up each time it is asked for: a socket outlives the session that it was opened with.
      operator: async () =>
        operator !== null && (await deps.store.operators.isSessionOpen(operator.sessionId)),
    }),
    unauthorizedError: (_parent, { viewer, operator }, _info, { failure }) => {
      if (isForOperators(failure))
        return viewer === null
          ? new UnauthenticatedError()
          : new ForbiddenError('This is for operators, and you are not signed in as one.')
      if (operator !== null)
        return new ForbiddenError(
          'This is for people who chat, and you are signed in as an operator.',
        )
      return viewer === null
        ? new UnauthenticatedError()
        : new ForbiddenError('Register this device first: the session has no device yet.')
    },
  },
  errors: {
    directResult: true,
    // A refused argument is answered in the result like any other. Bounds do not depend on who asks, so it tells nothing that
    // a permission would hide.
    unsafelyHandleInputErrors: true,
    defaultTypes: [InvalidInputError],
    defaultUnionOptions: {
      name: ({ fieldName }) => `${fieldName.charAt(0).toUpperCase()}${fieldName.slice(1)}Result`,
    },
  },
  validation: {
    validationError: (failure) => {
      const [issue] = failure.issues
      const path = issue?.path?.map((step) => (typeof step === 'object' ? step.key : step)) ?? []
      const field = path.filter((step) => step !== 'input').join('.') || 'input'
      return new InvalidInputError(
        field,
        `"${field}" was refused: ${issue?.message ?? 'it is not valid'}.`,
      )
    },
  },
  // The limits themselves are checked in transport/operation-guard.ts, once for a document instead of each time it runs.
  complexity: {
    defaultComplexity: 1,
    defaultListMultiplier: 10,
  },
})

function isForOperators(failure: AuthFailure): boolean {
  if ('failures' in failure) return failure.failures.some(isForOperators)
  return 'scope' in failure && failure.scope === 'operator'
}

builder.queryType({
  description: 'What can be asked. Losing a push never loses anything: it can be asked for again.',
})
builder.mutationType({
  description:
    'What can be done. Each takes one input and answers with a union: what happened, or an error that says what to do next.',
})
builder.subscriptionType({
  description: 'What the server pushes, over graphql-ws or server-sent events.',
})
