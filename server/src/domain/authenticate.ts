import type { Deps } from './deps.ts'
import { hashToken } from './identity/session-token.ts'
import type { Operator } from './operations/operator.ts'
import { hashOperatorToken } from './operations/operator-token.ts'
import type { Viewer } from './viewer.ts'

/** Who is asking: a person, an operator, or nobody we know. Never both. */
export interface Caller {
  readonly viewer: Viewer | null
  readonly operator: Operator | null
}

/** Who a bearer token belongs to; null if it is no token of ours, or its session has ended. */
export async function authenticate(
  { store }: Pick<Deps, 'store'>,
  token: string,
): Promise<Caller | null> {
  const operatorHash = hashOperatorToken(token)
  if (operatorHash !== null) {
    const operator = await store.operators.findSession(operatorHash)
    return operator && { viewer: null, operator }
  }
  const tokenHash = hashToken(token)
  const viewer = tokenHash === null ? null : await store.sessions.findOwner(tokenHash)
  return viewer && { viewer, operator: null }
}
