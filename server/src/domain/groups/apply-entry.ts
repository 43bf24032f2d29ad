import { limits } from '../limits.ts'
import type { RosterAction, RosterEntry, RosterMember } from './roster-entry.ts'

/** Where a group stands: what its newest entry says, and its hash. A deleted group has no members. */
export type Roster = Pick<RosterEntry, 'group' | 'version' | 'hash' | 'name' | 'members'>

export type RosterRefusal =
  /** It belongs to another group. */
  | 'other-group'
  /** It was not built on the newest entry. */
  | 'not-next'
  | 'deleted'
  | 'not-a-member'
  | 'not-an-admin'
  | 'last-admin'
  /** The subjects do not fit the action. */
  | 'wrong-subjects'
  /** The state it claims is not what the action makes of the state before. */
  | 'wrong-result'

export type Application =
  | { readonly kind: 'applied'; readonly roster: Roster }
  | { readonly kind: 'refused'; readonly reason: RosterRefusal }

interface Result {
  readonly name: string
  readonly members: readonly RosterMember[]
}
type Change = (roster: Roster, entry: RosterEntry) => Result | RosterRefusal

/**
 * Who may do what to a group. Every client applies the same rules to the same entries, so that a server which let something
 * else pass would be found out: tests/contract compares the two.
 */
export function applyEntry(roster: Roster | null, entry: RosterEntry): Application {
  const result = roster === null ? create(entry) : change(roster, entry)
  if (typeof result === 'string') return { kind: 'refused', reason: result }
  if (result.name !== entry.name || !isSame(result.members, entry.members))
    return { kind: 'refused', reason: 'wrong-result' }
  return { kind: 'applied', roster: entry }
}

function create(entry: RosterEntry): Result | RosterRefusal {
  const { action, version, prev, author, subjects, members, name } = entry
  if (action !== 'create' || version !== 1 || prev.length !== 0) return 'not-next'
  const others = members.filter(({ user }) => user !== author).map(({ user }) => user)
  if (others.length !== members.length - 1) return 'not-a-member'
  if (subjects.length !== others.length || !others.every((user) => subjects.includes(user)))
    return 'wrong-subjects'
  return { name, members: members.map((one) => ({ ...one, admin: one.user === author })) }
}

function change(roster: Roster, entry: RosterEntry): Result | RosterRefusal {
  if (entry.group !== roster.group) return 'other-group'
  if (entry.version !== roster.version + 1 || !isEqual(entry.prev, roster.hash)) return 'not-next'
  if (roster.members.length === 0) return 'deleted'
  const author = roster.members.find(({ user }) => user === entry.author)
  if (author === undefined) return 'not-a-member'
  if (entry.action === 'create') return 'not-next'
  if (entry.action !== 'leave' && !author.admin) return 'not-an-admin'
  return changes[entry.action](roster, entry)
}

const changes: Record<Exclude<RosterAction, 'create'>, Change> = {
  add({ name, members }, entry) {
    const added = entry.members.filter(({ user }) => entry.subjects.includes(user))
    const areNew = members.every(({ user }) => !entry.subjects.includes(user))
    const isSome = added.length >= 1 && added.length <= limits.groupSubjects
    if (!areNew || added.length !== entry.subjects.length || !isSome) return 'wrong-subjects'
    const newcomers = added.map((one) => ({ ...one, admin: false }))
    return { name, members: [...members, ...newcomers].sort(byUser) }
  },

  kick({ name, members }, { author, subjects }) {
    const kicked = members.filter(({ user }) => subjects.includes(user) && user !== author)
    if (kicked.length !== subjects.length || kicked.length === 0) return 'wrong-subjects'
    return { name, members: members.filter(({ user }) => !subjects.includes(user)) }
  },

  leave({ name, members }, { author, subjects }) {
    if (subjects.length !== 1 || subjects[0] !== author) return 'wrong-subjects'
    const staying = members.filter(({ user }) => user !== author)
    return hasAdmin(staying) ? { name, members: staying } : 'last-admin'
  },

  'hand-over'(roster, { author, subjects }) {
    const [heir] = findSubject(roster, subjects)
    if (heir === undefined || heir.user === author) return 'wrong-subjects'
    const admin = (user: string, was: boolean) => user === heir.user || (was && user !== author)
    return withAdmins(roster, admin)
  },

  promote(roster, { subjects }) {
    const [subject] = findSubject(roster, subjects)
    if (subject === undefined || subject.admin) return 'wrong-subjects'
    return withAdmins(roster, (user, was) => was || user === subject.user)
  },

  demote(roster, { subjects }) {
    const [subject] = findSubject(roster, subjects)
    if (subject === undefined || !subject.admin) return 'wrong-subjects'
    const result = withAdmins(roster, (user, was) => was && user !== subject.user)
    return hasAdmin(result.members) ? result : 'last-admin'
  },

  rename({ name, members }, entry) {
    if (entry.subjects.length !== 0) return 'wrong-subjects'
    return entry.name === name ? 'wrong-result' : { name: entry.name, members }
  },

  delete({ name }, { subjects }) {
    return subjects.length === 0 ? { name, members: [] } : 'wrong-subjects'
  },
}

/** The member that is the one subject, or nobody. */
function findSubject({ members }: Roster, subjects: readonly string[]): RosterMember[] {
  return subjects.length === 1 ? members.filter(({ user }) => user === subjects[0]) : []
}

function withAdmins({ name, members }: Roster, isAdmin: (user: string, was: boolean) => boolean) {
  return { name, members: members.map((one) => ({ ...one, admin: isAdmin(one.user, one.admin) })) }
}

const hasAdmin = (members: readonly RosterMember[]) => members.some(({ admin }) => admin)
const byUser = (one: RosterMember, other: RosterMember) => (one.user < other.user ? -1 : 1)
const isEqual = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0

function isSame(expected: readonly RosterMember[], claimed: readonly RosterMember[]): boolean {
  return (
    expected.length === claimed.length &&
    expected.every((one, index) => {
      const other = claimed[index]
      return (
        other !== undefined &&
        one.user === other.user &&
        one.admin === other.admin &&
        isEqual(one.identityKey, other.identityKey)
      )
    })
  )
}
