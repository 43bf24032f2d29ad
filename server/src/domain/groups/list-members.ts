import type { Account } from '../../store/accounts.ts'
import type { Deps } from '../deps.ts'
import type { GroupView } from './group-view.ts'
import { requireRosterEntry } from './roster-entry.ts'

export interface GroupMember {
  readonly account: Account
  readonly isAdmin: boolean
}

/** The members as of the version that the viewer sees, by name. */
export async function listMembers(
  { store }: Pick<Deps, 'store'>,
  { groupId, version }: GroupView,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<{ readonly members: readonly GroupMember[]; readonly hasNextPage: boolean }> {
  const stored = await store.groups.findEntry(groupId, version)
  // Forgotten since the group was found.
  if (stored === null) return { members: [], hasNextPage: false }
  const { members } = requireRosterEntry(stored.entry)
  const rest = members.filter(({ user }) => after === null || user > after)
  const page = rest.slice(0, limit)
  const accounts = await store.accounts.findByUsernames(page.map(({ user }) => user))
  const byName = new Map(accounts.map((account) => [account.username, account]))
  return {
    members: page.flatMap(({ user, admin }) => {
      const account = byName.get(user)
      return account === undefined ? [] : [{ account, isAdmin: admin }]
    }),
    hasNextPage: rest.length > limit,
  }
}
