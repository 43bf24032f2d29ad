import type { Deps } from '../deps.ts'
import { InvalidInputError, StaleAttachmentError } from '../errors.ts'
import type { DeviceViewer } from '../viewer.ts'
import type { Feed } from './feed.ts'

/** So near to its end a message is looked at again when it is acknowledged, with the database's clock. */
const nearExpiryMs = 1000

/** Everything up to `upTo` is in the client's own storage: it is dead here, and its senders are told. */
export async function acknowledge(
  deps: Deps,
  viewer: DeviceViewer,
  input: { readonly attachmentId: string; readonly upTo: bigint },
): Promise<bigint> {
  const feed = deps.deliveries.findFeed(viewer.deviceId)
  return feed?.attachmentId === input.attachmentId
    ? acknowledgeFeed(deps, viewer, feed, input.upTo)
    : acknowledgeUnseen(deps, viewer, input)
}

async function acknowledgeFeed(
  deps: Deps,
  viewer: DeviceViewer,
  feed: Feed,
  upTo: bigint,
): Promise<bigint> {
  const { store, deliveries } = deps
  if (upTo > feed.position().after)
    throw new InvalidInputError(
      'upTo',
      '"upTo" lies beyond what was delivered. Acknowledge what you have.',
    )
  const { deviceId, attachmentId } = feed
  const covered = feed.covered(upTo)
  const wasFull = feed.position().room === 0
  feed.release(upTo)
  try {
    const soon = deliveries.now() + nearExpiryMs
    if (covered.some(({ expiresAt }) => expiresAt.getTime() <= soon))
      return await acknowledgeUnseen(deps, viewer, { attachmentId, upTo })
    const bytes = covered.reduce((sum, { size }) => sum + size, 0)
    const result = await store.mailboxes.acknowledge({
      ...{ deviceId, attachmentId, upTo, bytes },
      count: covered.length,
    })
    if (result === null) throw new StaleAttachmentError()
    const inTime = covered.map((message) => ({
      ...message,
      expired: false,
      atOnce: message.seq > feed.latestAtOpen,
    }))
    deliveries.announceOutcomes(deviceId, inTime, result.at)
    return result.ackedSeq
  } catch (error) {
    if (error instanceof StaleAttachmentError) feed.end('replaced')
    else feed.restore(covered)
    throw error
  } finally {
    // What came while the window was full was not read. Otherwise there is nothing to look for.
    if (wasFull) deliveries.wake(deviceId)
  }
}

/** Reads what it covers, so that what came too late is called expired and not delivered. */
async function acknowledgeUnseen(
  { store, deliveries }: Deps,
  viewer: DeviceViewer,
  input: { readonly attachmentId: string; readonly upTo: bigint },
): Promise<bigint> {
  const { attachmentId, upTo } = input
  const moved = await store.mailboxes.acknowledgeUnseen(viewer.deviceId, attachmentId, upTo)
  if (moved === null) throw new StaleAttachmentError()
  if (moved.ackedSeq < upTo)
    throw new InvalidInputError(
      'upTo',
      '"upTo" lies beyond the newest message. Acknowledge what you have.',
    )
  deliveries.announceOutcomes(viewer.deviceId, moved.acked, new Date(deliveries.now()))
  return moved.ackedSeq
}
