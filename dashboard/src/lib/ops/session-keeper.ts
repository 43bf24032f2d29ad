import type { OperatorSession } from '#lib/api/desk-api.ts'

const place = 'fastchat.operator'

/** The session of this tab: it ends with it, and no address ever holds it. */
export function keptSession(now = Date.now()): OperatorSession | undefined {
  try {
    const kept = JSON.parse(
      sessionStorage.getItem(place) ?? 'null',
    ) as Partial<OperatorSession> | null
    const { token, name, expiresAt } = kept ?? {}
    if (token === undefined || name === undefined || expiresAt === undefined) return undefined
    return Date.parse(expiresAt) > now ? { token, name, expiresAt } : undefined
  } catch {
    return undefined
  }
}

export function keepSession(session: OperatorSession | undefined): void {
  if (session === undefined) sessionStorage.removeItem(place)
  else sessionStorage.setItem(place, JSON.stringify(session))
}
