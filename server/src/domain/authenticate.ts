import type { Deps } from './deps.ts'
import { hashToken } from './identity/session-token.ts'
import type { Viewer } from './viewer.ts'

/** Who a bearer token belongs to; null if it is no token of ours, or its session has ended. */
export async function authenticate(
  { store }: Pick<Deps, 'store'>,
  token: string,
): Promise<Viewer | null> {
  const tokenHash = hashToken(token)
  return tokenHash === null ? null : store.sessions.findOwner(tokenHash)
}
