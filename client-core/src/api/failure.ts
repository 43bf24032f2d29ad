import type { CombinedError } from '@urql/core'
import {
  ChatError,
  type ChatErrorCode,
  type ChatErrorDetails,
  isChatErrorCode,
  networkError,
} from '../errors.ts'

/** A member of a result union that implements `UserError`, as the fragment `Problem` reads it. */
export interface Problem extends ChatErrorDetails {
  readonly code: string
  readonly message: string
}

/** The server understood and declined. */
export function declined(problem: Problem): ChatError {
  const { code, message, ...details } = problem
  return new ChatError(knownCode(code), message, details)
}

/** A GraphQL request failed as a whole. What the transport itself says is for nobody's eyes. */
export function failed(error: CombinedError): ChatError {
  const [first] = error.graphQLErrors
  if (first === undefined) return networkError()
  const { code, retryAfterMs, incidentId } = first.extensions
  return new ChatError(knownCode(code), first.message, {
    ...(typeof retryAfterMs === 'number' && { retryAfterMs }),
    ...(typeof incidentId === 'string' && { incidentId }),
  })
}

// A code newer than this client is a failure whose reason it cannot act on.
function knownCode(code: unknown): ChatErrorCode {
  return isChatErrorCode(code) ? code : 'INTERNAL'
}
