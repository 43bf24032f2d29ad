import { randomUUID } from 'node:crypto'
import { GraphQLError, type GraphQLErrorExtensions, type GraphQLFormattedError } from 'graphql'
import { type ErrorCode, errorCodes, ServiceUnavailableError, UserError } from '../domain/errors.ts'
import { errorFields, type Log } from '../observability/log.ts'
import { isDatabaseUnavailable } from '../store/is-database-unavailable.ts'

export type MaskError = (error: unknown) => GraphQLError

const known: ReadonlySet<string> = new Set(errorCodes)
/** When the database is away, it is usually back in a moment. */
const retryAfterMs = 1000

/** Makes an error fit to leave the server. The one place where unexpected errors are hidden, and the one that logs them. */
export function createMaskError(options: {
  readonly log: Log
  readonly onError?: (code: ErrorCode) => void
}): MaskError {
  const { log, onError } = options
  return (error) => {
    const masked = mask(error, log)
    onError?.(masked.extensions.code as ErrorCode)
    return masked
  }
}

function mask(error: unknown, log: Log): GraphQLError {
  const cause = rootCause(error)
  if (cause instanceof UserError) return userError(cause, error)
  if (error instanceof GraphQLError && cause instanceof GraphQLError) {
    // Ours, with a code of its own, or the library's: a document or variables that it could not use.
    const code = error.extensions.code ?? cause.extensions.code
    return typeof code === 'string' && known.has(code)
      ? withExtensions(error, { ...withoutHttp(error.extensions), code })
      : withExtensions(error, { code: 'BAD_USER_INPUT' })
  }
  if (isDatabaseUnavailable(cause)) {
    log.warn('database-unavailable', { ...errorFields(cause), path: pathOf(error) })
    return userError(new ServiceUnavailableError(retryAfterMs), error)
  }
  const incidentId = randomUUID()
  log.error('unexpected-error', { ...errorFields(cause), incidentId, path: pathOf(error) })
  return new GraphQLError('Something went wrong on the server. It has been noted; try again.', {
    ...place(error),
    extensions: { code: 'INTERNAL', incidentId },
  })
}

function userError(cause: UserError, error: unknown): GraphQLError {
  const retry = 'retryAfterMs' in cause ? { retryAfterMs: cause.retryAfterMs } : {}
  return new GraphQLError(cause.message, {
    ...place(error),
    extensions: { code: cause.code, ...retry },
  })
}

/** What a resolver threw, under the wrappers that the executor put around it. */
function rootCause(error: unknown): unknown {
  let cause = error
  while (cause instanceof GraphQLError && cause.cause !== undefined && cause.cause !== cause)
    cause = cause.cause
  return cause
}

/** Where the answer went wrong, without the cause itself. */
function place(error: unknown) {
  if (!(error instanceof GraphQLError)) return {}
  return {
    nodes: error.nodes ?? null,
    path: error.path ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
  }
}

function withExtensions(error: GraphQLError, extensions: Record<string, unknown>): GraphQLError {
  return new GraphQLError(error.message, { ...place(error), extensions })
}

/** A status means nothing on a socket; the HTTP side puts it back. */
function withoutHttp({ http: _, ...extensions }: GraphQLErrorExtensions): GraphQLErrorExtensions {
  return extensions
}

/** Names of fields or their aliases, and places in lists: never a value. */
function pathOf(error: unknown): string | undefined {
  return error instanceof GraphQLError ? error.path?.join('.') : undefined
}

/** An error in the shape of an answer, for refusals that come before GraphQL. */
export function refusal(
  code: ErrorCode,
  message: string,
): { errors: readonly GraphQLFormattedError[] } {
  return { errors: [{ message, extensions: { code } }] }
}
