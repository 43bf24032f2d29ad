import { createHash, randomBytes } from 'node:crypto'

export interface SessionToken {
  /** Given to the client, and kept nowhere. */
  readonly token: string
  readonly tokenHash: Uint8Array<ArrayBuffer>
}

export function createSessionToken(): SessionToken {
  const token = randomBytes(32).toString('base64url')
  return { token, tokenHash: sha256(token) }
}

/** What a token is found by; null if it cannot be one. A fast hash will do: a token is 256 random bits. */
export function hashToken(token: string): Uint8Array<ArrayBuffer> | null {
  return /^[A-Za-z0-9_-]{43}$/.test(token) ? sha256(token) : null
}

function sha256(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(text).digest())
}
