import type { ChatErrorCode, ChatErrorDetails } from '@fastchat/client-core'
import type { Exit } from './exit-codes.ts'
import { Failure } from './failure.ts'
import { inWords } from './text/duration.ts'

export interface FailureWords {
  readonly exit: Exit
  readonly message: string
}

/** What each problem of the client means for a script. A new code does not compile until it has a line. */
const exits: { readonly [Code in ChatErrorCode]: Exit } = {
  UNAUTHENTICATED: 'not-signed-in',
  NOT_SIGNED_IN: 'not-signed-in',
  FORBIDDEN: 'failed',
  NOT_FOUND: 'failed',
  BAD_USER_INPUT: 'usage',
  CONFLICT: 'failed',
  NAME_TAKEN: 'failed',
  WRONG_PASSWORD: 'failed',
  TOO_MANY_ATTEMPTS: 'rate-limited',
  RATE_LIMITED: 'rate-limited',
  PAYLOAD_TOO_LARGE: 'failed',
  QUERY_TOO_COMPLEX: 'failed',
  TOO_MANY_SUBSCRIPTIONS: 'failed',
  STALE_DEVICE_LIST: 'failed',
  STALE_ROSTER: 'failed',
  STALE_ATTACHMENT: 'failed',
  MAILBOX_FULL: 'failed',
  SERVICE_UNAVAILABLE: 'unreachable',
  INTERNAL: 'failed',
  NETWORK: 'unreachable',
  KEY_CHANGED: 'untrusted',
  UNTRUSTED_ANSWER: 'untrusted',
  NO_DEVICES: 'failed',
  STORAGE_LOCKED: 'failed',
  STORAGE_DAMAGED: 'failed',
  CLOSED: 'failed',
}

/** Words for a person and an exit code for a script, whatever was thrown. */
export function describeFailure(error: unknown): FailureWords {
  if (error instanceof Failure) return { exit: error.exit, message: error.message }
  if (isChatError(error)) {
    const { retryAfterMs, incidentId } = error.details
    const retry = retryAfterMs === undefined ? '' : ` Try again in ${inWords(retryAfterMs)}.`
    const incident = incidentId === undefined ? '' : ` The incident is ${incidentId}.`
    return { exit: exits[error.code], message: `${error.message}${retry}${incident}` }
  }
  // A defect or the operating system. Its own words may help; a stack would only frighten.
  const reason = error instanceof Error ? error.message : String(error)
  return { exit: 'failed', message: `FastChat could not go on: ${reason}` }
}

interface ChatErrorLike extends Error {
  readonly code: ChatErrorCode
  readonly details: ChatErrorDetails
}

/** By shape and not by class: importing the class would load the whole client for `--help`. */
function isChatError(error: unknown): error is ChatErrorLike {
  return (
    error instanceof Error && error.name === 'ChatError' && 'code' in error && 'details' in error
  )
}
