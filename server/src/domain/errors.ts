/** Everything a request can be declined with. Codes are permanent; messages may improve. */
export const errorCodes = [
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
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** Understood and declined. The message says what happened and what to do next; it holds nothing a person typed. */
export abstract class UserError extends Error {
  abstract readonly code: ErrorCode
}

export class UnauthenticatedError extends UserError {
  readonly code = 'UNAUTHENTICATED'
  constructor() {
    super('You are not signed in, or your session has ended. Sign in and try again.')
  }
}

export class ForbiddenError extends UserError {
  readonly code = 'FORBIDDEN'
}

export class NotFoundError extends UserError {
  readonly code = 'NOT_FOUND'
}

export class InvalidInputError extends UserError {
  readonly code = 'BAD_USER_INPUT'
  /** The input field that was refused. */
  readonly field: string
  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}

export class ConflictError extends UserError {
  readonly code = 'CONFLICT'
}

export class NameTakenError extends UserError {
  readonly code = 'NAME_TAKEN'
  constructor() {
    super('This name, or one that looks like it, is taken. Choose another.')
  }
}

export class WrongPasswordError extends UserError {
  readonly code = 'WRONG_PASSWORD'
  readonly attemptsLeft: number
  constructor(attemptsLeft: number) {
    super('The name or the password is wrong. Check both and try again.')
    this.attemptsLeft = attemptsLeft
  }
}

export class TooManyAttemptsError extends UserError {
  readonly code = 'TOO_MANY_ATTEMPTS'
  readonly retryAfterMs: number
  constructor(retryAfterMs: number) {
    super('Too many wrong passwords. Wait, then try again.')
    this.retryAfterMs = retryAfterMs
  }
}

export class RateLimitedError extends UserError {
  readonly code = 'RATE_LIMITED'
  readonly retryAfterMs: number
  constructor(retryAfterMs: number, message = 'Too many requests. Wait, then try again.') {
    super(message)
    this.retryAfterMs = retryAfterMs
  }
}

export class PayloadTooLargeError extends UserError {
  readonly code = 'PAYLOAD_TOO_LARGE'
  /** The limit that was passed, in bytes or in items, as the message says. */
  readonly limit: number
  constructor(limit: number, message: string) {
    super(message)
    this.limit = limit
  }
}

export class StaleDeviceListError extends UserError {
  readonly code = 'STALE_DEVICE_LIST'
  readonly username: string
  readonly currentVersion: number
  constructor(username: string, currentVersion: number) {
    super(
      'The devices of this account have changed. Fetch its device list, seal again and send again.',
    )
    this.username = username
    this.currentVersion = currentVersion
  }
}

export class StaleRosterError extends UserError {
  readonly code = 'STALE_ROSTER'
  readonly groupId: string
  readonly currentVersion: number
  constructor(groupId: string, currentVersion: number) {
    super('Somebody has changed the group. Fetch its new entries, build on them and try again.')
    this.groupId = groupId
    this.currentVersion = currentVersion
  }
}

export class StaleAttachmentError extends UserError {
  readonly code = 'STALE_ATTACHMENT'
  constructor() {
    super('This mailbox is read from somewhere else now. Attach again to go on.')
  }
}

export class MailboxFullError extends UserError {
  readonly code = 'MAILBOX_FULL'
  readonly deviceIds: readonly string[]
  constructor(deviceIds: readonly string[]) {
    super(
      'The mailbox is full: too much is waiting for this person. Nothing was stored. Try again later.',
    )
    this.deviceIds = deviceIds
  }
}

/** The world failed, not the request. The client may try again, here or at another server. */
export class ServiceUnavailableError extends UserError {
  readonly code = 'SERVICE_UNAVAILABLE'
  readonly retryAfterMs: number
  constructor(retryAfterMs: number) {
    super('The service is not available at the moment. Try again shortly.')
    this.retryAfterMs = retryAfterMs
  }
}
