import type { Deps } from '../deps.ts'
import { ConflictError } from '../errors.ts'
import { takeRate } from '../rate-limit.ts'
import type { DeviceViewer } from '../viewer.ts'
import { announceGroup } from './announce-group.ts'
import { applyEntry } from './apply-entry.ts'
import { checkNewcomers } from './check-newcomers.ts'
import { toGroupChange } from './group-change.ts'
import { type GroupView, getGroup } from './group-view.ts'
import { isStored } from './is-stored.ts'
import { readSignedEntry, type SignedEntry } from './read-signed-entry.ts'
import { refusalError } from './refusal-error.ts'

export type GroupDeps = Pick<Deps, 'store' | 'rates' | 'deliveries' | 'log'>

/** Begins a group with its first entry, whose author is its only admin. Repeating it is harmless. */
export async function createGroup(
  deps: GroupDeps,
  viewer: DeviceViewer,
  input: SignedEntry,
): Promise<GroupView> {
  await takeRate(deps, 'changeGroup', viewer.clientId)
  const entry = await readSignedEntry(deps, viewer, input)
  const application = applyEntry(null, entry)
  if (application.kind === 'refused') throw refusalError(application.reason, null)
  if (!(await isStored(deps, entry))) {
    await checkNewcomers(deps, entry.members)
    const isNew = await deps.store.groups.insert(toGroupChange(null, entry, input.signature))
    // Somebody has that id, unless the same entry was sent twice at once.
    if (!isNew && !(await isStored(deps, entry)))
      throw new ConflictError('A group of this id exists. Make a new id, then try again.')
    await announceGroup(deps, entry.group, entry.version)
  }
  return getGroup(deps, viewer, entry.group)
}
