import type { Username } from '../brands.ts'
import { noBytes } from './bytes.ts'
import { byUser, type RosterState, withAdmin } from './roster.ts'
import type { RosterEntryFields, RosterMember } from './roster-entry.ts'

/** What a person wants of a group. Whether they may is for `applyEntry` to say. */
export type RosterChange =
  | {
      readonly action: 'add'
      readonly members: readonly Pick<RosterMember, 'user' | 'identityKey'>[]
    }
  | { readonly action: 'kick'; readonly users: readonly Username[] }
  | { readonly action: 'leave' }
  | { readonly action: 'hand-over'; readonly user: Username }
  | { readonly action: 'promote'; readonly user: Username }
  | { readonly action: 'demote'; readonly user: Username }
  | { readonly action: 'rename'; readonly name: string }
  | { readonly action: 'delete' }

/** Who signs, and when. */
export type RosterAuthor = Pick<RosterEntryFields, 'author' | 'authorDevice' | 'at'>

export interface FirstRoster {
  readonly group: string
  readonly name: string
  /** The author among them. */
  readonly members: readonly Pick<RosterMember, 'user' | 'identityKey'>[]
}

export function firstEntry(
  { group, name, members }: FirstRoster,
  author: RosterAuthor,
): RosterEntryFields {
  const all = byUser(members.map((member) => ({ ...member, admin: member.user === author.author })))
  const subjects = all.map(({ user }) => user).filter((user) => user !== author.author)
  return {
    group,
    version: 1,
    prev: noBytes,
    ...author,
    action: 'create',
    subjects,
    name,
    members: all,
  }
}

/** The entry that follows `state` when this is done to it. */
export function nextEntry(
  state: RosterState,
  change: RosterChange,
  author: RosterAuthor,
): RosterEntryFields {
  const { group, version, hash, name, members } = state
  const base = { group, version: version + 1, prev: hash, ...author, name, members }
  const { action } = change
  const me = author.author
  switch (action) {
    case 'add': {
      const added = change.members.map((member) => ({ ...member, admin: false }))
      const subjects = added.map(({ user }) => user).sort()
      return { ...base, action, subjects, members: byUser([...members, ...added]) }
    }
    case 'kick': {
      const subjects = change.users.toSorted()
      return { ...base, action, subjects, members: members.filter(isNoneOf(subjects)) }
    }
    case 'leave':
      return { ...base, action, subjects: [me], members: members.filter(isNoneOf([me])) }
    case 'hand-over': {
      const after = withAdmin(withAdmin(members, me, false), change.user, true)
      return { ...base, action, subjects: [change.user], members: after }
    }
    case 'promote':
    case 'demote': {
      const after = withAdmin(members, change.user, action === 'promote')
      return { ...base, action, subjects: [change.user], members: after }
    }
    case 'rename':
      return { ...base, action, subjects: [], name: change.name }
    case 'delete':
      return { ...base, action, subjects: [], members: [] }
  }
}

function isNoneOf(users: readonly Username[]) {
  return ({ user }: RosterMember) => !users.includes(user)
}
