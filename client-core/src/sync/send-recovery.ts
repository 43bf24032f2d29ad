import type { ChatErrorCode } from '../errors.ts'

/** What a failed attempt to send means for the message. */
export type Recovery =
  /** Nothing was stored, or nobody knows: the same bytes go again later. */
  | 'same-again'
  /** Nothing was stored: the device lists are fetched, and it is sealed anew. */
  | 'seal-again'
  /** The same, but a second refusal of this kind is meant. */
  | 'seal-again-once'
  /** It waits until the person has decided. */
  | 'hold'
  | 'give-up'

/** By code, so that a new code does not compile until somebody has thought about it. */
export const sendRecovery: { readonly [Code in ChatErrorCode]: Recovery } = {
  NETWORK: 'same-again',
  CLOSED: 'same-again',
  SERVICE_UNAVAILABLE: 'same-again',
  RATE_LIMITED: 'same-again',
  INTERNAL: 'same-again',
  TOO_MANY_SUBSCRIPTIONS: 'same-again',
  // The connection ends the session and stops; the message waits for the next sign-in.
  UNAUTHENTICATED: 'same-again',
  NOT_SIGNED_IN: 'same-again',
  STALE_ATTACHMENT: 'same-again',
  STALE_DEVICE_LIST: 'seal-again',
  STALE_ROSTER: 'seal-again',
  KEY_CHANGED: 'hold',
  FORBIDDEN: 'give-up',
  NOT_FOUND: 'give-up',
  // Also when a name was given to another account, whose list has the version we know of the old one.
  BAD_USER_INPUT: 'seal-again-once',
  CONFLICT: 'give-up',
  NAME_TAKEN: 'give-up',
  WRONG_PASSWORD: 'give-up',
  TOO_MANY_ATTEMPTS: 'give-up',
  PAYLOAD_TOO_LARGE: 'give-up',
  QUERY_TOO_COMPLEX: 'give-up',
  MAILBOX_FULL: 'give-up',
  UNTRUSTED_ANSWER: 'give-up',
  NO_DEVICES: 'give-up',
  STORAGE_LOCKED: 'give-up',
  STORAGE_DAMAGED: 'give-up',
}
