import type { GroupChange } from '../../store/groups.ts'
import type { Roster } from './apply-entry.ts'
import type { RosterEntry, RosterMember } from './roster-entry.ts'

/** Members that were not there before, with the keys the entry gives them. */
export function findNewcomers(before: Roster | null, entry: RosterEntry): RosterMember[] {
  const known = new Set(before?.members.map(({ user }) => user))
  return entry.members.filter(({ user }) => !known.has(user))
}

/** What an entry that was applied changes in the tables: rows of members are read out of it, and only those that differ. */
export function toGroupChange(
  before: Roster | null,
  entry: RosterEntry,
  signature: Uint8Array<ArrayBuffer>,
): GroupChange {
  const wasAdmin = new Map(before?.members.map(({ user, admin }) => [user, admin]))
  const staying = new Set(entry.members.map(({ user }) => user))
  return {
    groupId: entry.group,
    version: entry.version,
    ...{ entry: entry.bytes, hash: entry.hash, signature, name: entry.name },
    set: entry.members
      .filter(({ user, admin }) => wasAdmin.get(user) !== admin)
      .map(({ user, admin }) => ({ username: user, isAdmin: admin })),
    removed: [...wasAdmin.keys()].filter((user) => !staying.has(user)),
    isLast: entry.members.length === 0,
  }
}
