import type { Membership } from '../../store/group-reads.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'
import { noSuchGroup } from './refusal-error.ts'
import { requireRosterEntry } from './roster-entry.ts'

/** A group as one account may see it: a former member sees what the entry left that removed it, and nothing later. */
export interface GroupView {
  readonly groupId: string
  readonly name: string
  readonly version: number
  readonly headHash: Uint8Array
  readonly createdAt: Date
  readonly isDeleted: boolean
  readonly viewerIsMember: boolean
  readonly viewerIsAdmin: boolean
}

export function viewOf(membership: Membership): GroupView {
  const { groupId, createdAt, name, version, headHash, isAdmin, leftVersion } = membership
  if (leftVersion === null || membership.lastEntry === null)
    return {
      ...{ groupId, name, version, headHash, createdAt },
      ...{ isDeleted: false, viewerIsMember: true, viewerIsAdmin: isAdmin },
    }
  const last = requireRosterEntry(membership.lastEntry)
  return {
    ...{ groupId, createdAt, name: last.name, version: last.version, headHash: last.hash },
    ...{ isDeleted: last.action === 'delete', viewerIsMember: false, viewerIsAdmin: false },
  }
}

/** Null for strangers as for what does not exist. */
export async function findGroup(
  { store }: Pick<Deps, 'store'>,
  { clientId }: Pick<Viewer, 'clientId'>,
  groupId: string,
): Promise<GroupView | null> {
  const membership = await store.groups.findMembership(groupId, clientId)
  return membership === null ? null : viewOf(membership)
}

/** What its author is shown of a group after a change. */
export async function getGroup(
  deps: Pick<Deps, 'store'>,
  viewer: Pick<Viewer, 'clientId'>,
  groupId: string,
): Promise<GroupView> {
  const group = await findGroup(deps, viewer, groupId)
  // The repeat of a leave that was forgotten with the membership.
  if (group === null) throw noSuchGroup()
  return group
}
