import type { Group } from '../../client.ts'
import type { KnownPerson, ScreenState } from './state.ts'

export function groupKnown(state: ScreenState, group: Group): ScreenState {
  const { members, isAdmin, state: standing } = group
  const known = { members: members.length, isAdmin, state: standing }
  return { ...state, groups: new Map(state.groups).set(group.conversation, known) }
}

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
