import { createHash, randomBytes } from 'node:crypto'

/** Tells it from a person's token before anything is looked up: neither can be taken for the other. */
const prefix = 'fc_operator_'
const form = new RegExp(`^${prefix}[A-Za-z0-9_-]{43}$`)

export function createOperatorToken(): { readonly token: string; readonly tokenHash: Uint8Array } {
  const token = `${prefix}${randomBytes(32).toString('base64url')}`
  return { token, tokenHash: sha256(token) }
}

/** What a token is found by; null if it cannot be an operator's. */
export function hashOperatorToken(token: string): Uint8Array | null {
  return form.test(token) ? sha256(token) : null
}

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}
