/**
 * Everything that can stop a client, as a closed set: the first part is the server's `ErrorCode`,
 * the second is what only a client can see. Codes are permanent; messages may improve.
 */
export const chatErrorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'NAME_TAKEN',
  'WRONG_PASSWORD',
  'TOO_MANY_ATTEMPTS',
  'RATE_LIMITED',
  'PAYLOAD_TOO_LARGE',
  'QUERY_TOO_COMPLEX',
  'TOO_MANY_SUBSCRIPTIONS',
  'STALE_DEVICE_LIST',
  'STALE_ROSTER',
  'STALE_ATTACHMENT',
  'MAILBOX_FULL',
  'SERVICE_UNAVAILABLE',
  'INTERNAL',
  /** No answer: the connection failed or took too long. What was asked may have happened. */
  'NETWORK',
  /** The identity key of the other person is not the one known so far. */
  'KEY_CHANGED',
  /** The server sent something whose signature or history does not hold. */
  'UNTRUSTED_ANSWER',
  /** The other person has no device that could read a message. */
  'NO_DEVICES',
  /** Another client has this storage open. */
  'STORAGE_LOCKED',
  /** A record is missing, damaged or of another key. */
  'STORAGE_DAMAGED',
  'NOT_SIGNED_IN',
  'CLOSED',
] as const

export type ChatErrorCode = (typeof chatErrorCodes)[number]

/** What the person or the program needs next. Which of them is set follows from the code. */
export interface ChatErrorDetails {
  readonly retryAfterMs?: number
  readonly attemptsLeft?: number
  readonly limit?: number
  readonly field?: string
  readonly username?: string
  readonly currentVersion?: number
  readonly groupId?: string
  readonly deviceIds?: readonly string[]
  readonly incidentId?: string
}

/** The only error this library throws on purpose. Decide by `code`; show `message` to a person. */
export class ChatError extends Error {
  override readonly name = 'ChatError'
  readonly code: ChatErrorCode
  readonly details: ChatErrorDetails

  constructor(code: ChatErrorCode, message: string, details: ChatErrorDetails = {}) {
    super(message)
    this.code = code
    this.details = details
  }
}

export function isChatErrorCode(value: unknown): value is ChatErrorCode {
  return chatErrorCodes.some((code) => code === value)
}

export function hasCode(error: unknown, ...codes: readonly ChatErrorCode[]): boolean {
  return error instanceof ChatError && codes.includes(error.code)
}

export function networkError(): ChatError {
  return new ChatError('NETWORK', 'The server does not answer. Check your connection.')
}

export function closedError(): ChatError {
  return new ChatError('CLOSED', 'This client is closed. Open a new one.')
}

/** What a connection that does not go on by itself means for whoever waited for it. */
export function stoppedError(reason: 'session-ended' | 'replaced' | 'storage-failed'): ChatError {
  switch (reason) {
    case 'session-ended':
      return new ChatError('UNAUTHENTICATED', 'Your session has ended. Sign in again.')
    case 'replaced':
      return new ChatError(
        'STALE_ATTACHMENT',
        'A copy of this client reads your messages now. Close it, then connect again.',
      )
    case 'storage-failed':
      return new ChatError(
        'STORAGE_DAMAGED',
        'Messages cannot be stored here. Make room, then open again.',
      )
  }
}

export function notSignedInError(): ChatError {
  return new ChatError('NOT_SIGNED_IN', 'Nobody is signed in here. Sign in or sign up first.')
}
