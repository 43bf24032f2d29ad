import { memberOf } from '../../crypto/roster.ts'
import type { RosterChange } from '../../crypto/roster-changes.ts'
import { isGroupName, maxAdded, maxGroupNameLength, maxMembers } from '../../crypto/roster-entry.ts'
import { ChatError } from '../../errors.ts'
import type { GroupRecord } from '../records.ts'
import { mustBeUsable } from './group-recipients.ts'

/** What may be done to a group that is not trusted: going away, and taking somebody out. */
const alwaysAllowed: readonly RosterChange['action'][] = ['leave', 'delete', 'kick']

/** Says in a person's words why a change would be refused. The rules are those of `applyEntry`. */
export function checkChange(group: GroupRecord, change: RosterChange, me: string): void {
  const { alarm: _alarm, ...calm } = group
  const { members } = mustBeUsable(alwaysAllowed.includes(change.action) ? calm : group).roster
  const isAdmin = memberOf({ members }, me)?.admin === true
  if (change.action !== 'leave' && !isAdmin) {
    throw new ChatError('FORBIDDEN', 'Only an admin of the group can do this. Ask one.')
  }
  const otherAdmins = members.filter(({ user, admin }) => admin && user !== me)
  const isGivenUp = change.action === 'leave' || (change.action === 'demote' && change.user === me)
  if (isGivenUp && isAdmin && otherAdmins.length === 0) {
    throw new ChatError(
      'FORBIDDEN',
      'You are the last admin. Hand the group over to somebody first, or delete it.',
    )
  }
  if (change.action === 'rename') checkName(change.name)
  if (change.action === 'add') checkRoom(members.length, change.members.length)
  const isOnSelf = change.action === 'kick' ? change.users.some((user) => user === me) : false
  if (isOnSelf || (change.action === 'hand-over' && change.user === me)) {
    throw new ChatError('BAD_USER_INPUT', 'This is you. Choose somebody else, or leave the group.')
  }
}

export function checkName(name: string): void {
  if (isGroupName(name)) return
  throw new ChatError(
    'BAD_USER_INPUT',
    `A group's name has 1 to ${maxGroupNameLength} visible characters. Choose another.`,
    { field: 'name' },
  )
}

export function checkRoom(members: number, added: number): void {
  if (added > maxAdded && members > 0) {
    throw new ChatError('PAYLOAD_TOO_LARGE', `Add at most ${maxAdded} people at once.`, {
      limit: maxAdded,
    })
  }
  if (members + added > maxMembers) {
    throw new ChatError('PAYLOAD_TOO_LARGE', `A group has at most ${maxMembers} members.`, {
      limit: maxMembers,
    })
  }
}
