import type { StoredRosterEntry } from '../../store/group-reads.ts'
import type { Deps } from '../deps.ts'
import type { GroupView } from './group-view.ts'

/** The chain after a version, as far as the viewer may see it. */
export function listEntries(
  { store }: Pick<Deps, 'store'>,
  { groupId, version }: GroupView,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<StoredRosterEntry[]> {
  return store.groups.listEntries({ groupId, after, upTo: version, limit })
}
