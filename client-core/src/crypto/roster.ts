import type { Username } from '../brands.ts'
import { equalBytes } from './bytes.ts'
import { maxAdded, type RosterEntry, type RosterMember } from './roster-entry.ts'

/** What a group is after an entry, and that entry's hash. A deleted group has no members. */
export type RosterState = Pick<RosterEntry, 'group' | 'version' | 'hash' | 'name' | 'members'>

export type RosterRefusal =
  /** It belongs to another group. */
  | 'other-group'
  /** It was not built on the newest entry. */
  | 'not-next'
  /** Nothing follows a deletion. */
  | 'deleted'
  | 'not-a-member'
  | 'not-an-admin'
  /** A group always has an admin, until it is deleted. */
  | 'last-admin'
  /** The subjects do not fit the action. */
  | 'wrong-subjects'
  /** The state it claims is not what the action makes of the state before. */
  | 'wrong-result'

export type RosterApplication =
  | { readonly kind: 'applied'; readonly state: RosterState }
  | { readonly kind: 'refused'; readonly reason: RosterRefusal }

interface Outcome {
  readonly name: string
  readonly members: readonly RosterMember[]
}

/**
 * Who may do what to a group. The server judges by the same rules, and so does every other client:
 * a server that lets something else pass convinces nobody. Who signed the entry is another question.
 *
 * @param state `null` before the first entry.
 */
export function applyEntry(state: RosterState | null, entry: RosterEntry): RosterApplication {
  const outcome = state === null ? outcomeOfFirst(entry) : outcomeOfNext(state, entry)
  if (typeof outcome === 'string') return { kind: 'refused', reason: outcome }
  if (outcome.name !== entry.name || !areSame(outcome.members, entry.members)) {
    return { kind: 'refused', reason: 'wrong-result' }
  }
  const { group, version, hash, name, members } = entry
  return { kind: 'applied', state: { group, version, hash, name, members } }
}

export function memberOf(
  { members }: Pick<RosterState, 'members'>,
  user: string,
): RosterMember | undefined {
  return members.find((member) => member.user === user)
}

function outcomeOfFirst(entry: RosterEntry): Outcome | RosterRefusal {
  const { version, prev, action, author, subjects, name, members } = entry
  if (version !== 1 || prev.length !== 0 || action !== 'create') return 'not-next'
  if (memberOf(entry, author) === undefined) return 'not-a-member'
  const others = members.filter(({ user }) => user !== author)
  if (!isExactly(subjects, others)) return 'wrong-subjects'
  return { name, members: members.map((member) => ({ ...member, admin: member.user === author })) }
}

function outcomeOfNext(state: RosterState, entry: RosterEntry): Outcome | RosterRefusal {
  if (entry.group !== state.group) return 'other-group'
  if (entry.version !== state.version + 1 || !equalBytes(entry.prev, state.hash)) return 'not-next'
  if (state.members.length === 0) return 'deleted'
  const author = memberOf(state, entry.author)
  if (author === undefined) return 'not-a-member'
  if (entry.action !== 'leave' && entry.action !== 'create' && !author.admin) return 'not-an-admin'
  const outcome = outcomeOfAction(state, entry)
  if (typeof outcome === 'string' || entry.action === 'delete') return outcome
  return outcome.members.some(({ admin }) => admin) ? outcome : 'last-admin'
}

function outcomeOfAction(state: RosterState, entry: RosterEntry): Outcome | RosterRefusal {
  const { author, subjects } = entry
  const { name, members } = state
  const [subject, ...more] = subjects
  const only = more.length === 0 && subject !== undefined ? memberOf(state, subject) : undefined
  switch (entry.action) {
    case 'create':
      return 'not-next'
    case 'add':
      return outcomeOfAdding(state, entry)
    case 'kick': {
      const kicked = members.filter(({ user }) => subjects.includes(user) && user !== author)
      if (kicked.length === 0 || !isExactly(subjects, kicked)) return 'wrong-subjects'
      return { name, members: members.filter((member) => !kicked.includes(member)) }
    }
    case 'leave':
      if (only?.user !== author) return 'wrong-subjects'
      return { name, members: members.filter((member) => member !== only) }
    case 'hand-over':
      if (only === undefined || only.user === author) return 'wrong-subjects'
      return { name, members: withAdmin(withAdmin(members, author, false), only.user, true) }
    case 'promote':
    case 'demote': {
      const admin = entry.action === 'promote'
      if (only === undefined || only.admin === admin) return 'wrong-subjects'
      return { name, members: withAdmin(members, only.user, admin) }
    }
    case 'rename':
      if (subjects.length > 0) return 'wrong-subjects'
      return entry.name === name ? 'wrong-result' : { name: entry.name, members }
    case 'delete':
      return subjects.length > 0 ? 'wrong-subjects' : { name, members: [] }
  }
}

function outcomeOfAdding(state: RosterState, entry: RosterEntry): Outcome | RosterRefusal {
  const { subjects } = entry
  const areNew = subjects.every((user) => memberOf(state, user) === undefined)
  const added = entry.members.filter(({ user }) => subjects.includes(user))
  if (!areNew || subjects.length === 0 || subjects.length > maxAdded) return 'wrong-subjects'
  if (!isExactly(subjects, added)) return 'wrong-subjects'
  // Their keys are whatever the author says, once: from then on they never change.
  const newcomers = added.map((member) => ({ ...member, admin: false }))
  return { name: state.name, members: byUser([...state.members, ...newcomers]) }
}

export function withAdmin(
  members: readonly RosterMember[],
  user: Username,
  admin: boolean,
): readonly RosterMember[] {
  return members.map((member) => (member.user === user ? { ...member, admin } : member))
}

export function byUser(members: readonly RosterMember[]): readonly RosterMember[] {
  return members.toSorted((one, other) => (one.user < other.user ? -1 : 1))
}

/** Both are ascending and without repeats: an entry is read so. */
function isExactly(subjects: readonly Username[], members: readonly RosterMember[]): boolean {
  return (
    subjects.length === members.length &&
    members.every(({ user }, index) => user === subjects[index])
  )
}

function areSame(left: readonly RosterMember[], right: readonly RosterMember[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ user, identityKey, admin }, index) => {
      const other = right[index]
      return (
        other !== undefined &&
        user === other.user &&
        admin === other.admin &&
        equalBytes(identityKey, other.identityKey)
      )
    })
  )
}
