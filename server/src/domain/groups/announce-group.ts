import { errorFields } from '../../observability/log.ts'
import type { Deps } from '../deps.ts'

/** Tells the devices of members, and of those whom this version removed, where they are attached. Call it after commit. */
export async function announceGroup(
  { store, deliveries, log }: Pick<Deps, 'store' | 'deliveries' | 'log'>,
  groupId: string,
  version: number,
): Promise<void> {
  try {
    for (const { serverId, clientIds } of await store.groups.listAttached(groupId, version))
      deliveries.notify(serverId, { kind: 'group', groupId, version, clientIds })
  } catch (error) {
    // The change is stored, and whoever was not told asks for it: after attaching, or when a message is refused as stale.
    log.warn('group-not-announced', errorFields(error))
  }
}
