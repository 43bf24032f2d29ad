import { InvalidInputError } from '../errors.ts'
import { takeRate } from '../rate-limit.ts'
import type { DeviceViewer } from '../viewer.ts'
import { announceGroup } from './announce-group.ts'
import { applyEntry } from './apply-entry.ts'
import { checkNewcomers } from './check-newcomers.ts'
import type { GroupDeps } from './create-group.ts'
import { findNewcomers, toGroupChange } from './group-change.ts'
import { type GroupView, getGroup } from './group-view.ts'
import { isStored } from './is-stored.ts'
import { readSignedEntry, type SignedEntry } from './read-signed-entry.ts'
import { noSuchGroup, refusalError } from './refusal-error.ts'
import { type RosterEntry, requireRosterEntry } from './roster-entry.ts'

/**
 * Appends an entry to the chain of a group. From the answer on, no message is stored that was sealed for the roster before:
 * whoever was kicked gets nothing that is sent later. Repeating it is harmless.
 */
export async function changeGroup(
  deps: GroupDeps,
  viewer: DeviceViewer,
  input: SignedEntry,
): Promise<GroupView> {
  await takeRate(deps, 'changeGroup', viewer.clientId)
  const entry = await readSignedEntry(deps, viewer, input)
  if (entry.action === 'create')
    throw new InvalidInputError('entry', 'The group exists. Its first entry creates it, no other.')
  if (!(await isStored(deps, entry))) {
    await append(deps, entry, input.signature)
    await announceGroup(deps, entry.group, entry.version)
  }
  return getGroup(deps, viewer, entry.group)
}

async function append(
  deps: GroupDeps,
  entry: RosterEntry,
  signature: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const { groups } = deps.store
  const head = await groups.findHead(entry.group)
  const roster = head === null ? null : requireRosterEntry(head.entry)
  // Before anything else is said about it: to a stranger the group is not there.
  if (roster === null || !roster.members.some(({ user }) => user === entry.author))
    throw noSuchGroup()
  const application = applyEntry(roster, entry)
  if (application.kind === 'refused') throw refusalError(application.reason, roster)
  await checkNewcomers(deps, findNewcomers(roster, entry))
  if (await groups.append(toGroupChange(roster, entry, signature), roster.hash)) return
  // Somebody was quicker, perhaps with this very entry. What that makes of this one, the new head says.
  if (!(await isStored(deps, entry))) await append(deps, entry, signature)
}
