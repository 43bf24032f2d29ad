/** Somebody who runs FastChat. Made from an operator's token in transport/, once for a request or a socket. */
export interface Operator {
  readonly sessionId: string
  readonly name: string
  readonly expiresAt: Date
}

const form = /^[a-z0-9_.-]{3,32}$/

/** The name as it is kept; null if it cannot be one. */
export function normalizeOperatorName(typed: string): string | null {
  const name = typed.trim().toLowerCase()
  return form.test(name) ? name : null
}
