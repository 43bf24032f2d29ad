import type { Deps } from '../deps.ts'
import type { RosterEntry } from './roster-entry.ts'

/** Whether this very entry was taken before. Its answer was lost, and is given again. */
export async function isStored(
  { store }: Pick<Deps, 'store'>,
  { group, version, bytes }: RosterEntry,
): Promise<boolean> {
  const stored = await store.groups.findEntry(group, version)
  return stored !== null && Buffer.compare(stored.entry, bytes) === 0
}
