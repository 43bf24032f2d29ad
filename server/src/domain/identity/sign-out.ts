import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'

/** Ends the viewer's own session and no other. Ending it twice is no mistake. */
export async function signOut(
  { store, bus }: Pick<Deps, 'store' | 'bus'>,
  { sessionId }: Viewer,
): Promise<{ readonly signedOut: boolean }> {
  const isEnded = await store.sessions.revokeSession(sessionId)
  if (isEnded) bus.broadcast({ kind: 'session-revoked', sessionId })
  return { signedOut: true }
}
