import type { KnownPerson, ScreenState } from './state.ts'

export function personKnown(
  state: ScreenState,
  username: string,
  change: Partial<KnownPerson>,
): ScreenState {
  const before = state.people.get(username) ?? {
    isOnline: false,
    isVerified: false,
    hasNewKey: false,
  }
  return { ...state, people: new Map(state.people).set(username, { ...before, ...change }) }
}
