import type { StoredMessage } from '../../store/messages.ts'
import type { Deps } from '../deps.ts'
import { InvalidInputError, StaleAttachmentError } from '../errors.ts'
import type { DeviceViewer } from '../viewer.ts'
import type { Feed } from './feed.ts'

/** Everything up to `upTo` is in the client's own storage: it is dead here, and its senders are told. */
export async function acknowledge(
  deps: Deps,
  viewer: DeviceViewer,
  input: { readonly attachmentId: string; readonly upTo: bigint },
): Promise<bigint> {
  const feed = deps.deliveries.findFeed(viewer.deviceId)
  return feed?.attachmentId === input.attachmentId
    ? acknowledgeFeed(deps, feed, input.upTo)
    : acknowledgeUnseen(deps, viewer, input)
}

async function acknowledgeFeed(deps: Deps, feed: Feed, upTo: bigint): Promise<bigint> {
  const { store, deliveries } = deps
  if (upTo > feed.position().after)
    throw new InvalidInputError(
      'upTo',
      '"upTo" lies beyond what was delivered. Acknowledge what you have.',
    )
  const covered = feed.covered(upTo)
  feed.release(upTo)
  const result = await store.mailboxes
    .acknowledge({
      deviceId: feed.deviceId,
      attachmentId: feed.attachmentId,
      upTo,
      count: covered.length,
      bytes: covered.reduce((sum, { size }) => sum + size, 0),
    })
    .catch((error: unknown) => {
      feed.restore(covered)
      throw error
    })
  if (result === null) {
    feed.end('replaced')
    throw new StaleAttachmentError()
  }
  deliveries.announceDelivered(
    feed.deviceId,
    await inTime(deps, feed.deviceId, covered, result.at),
    result.at,
  )
  deliveries.wake(feed.deviceId)
  return result.ackedSeq
}

/** What the sweeper called expired stays expired, though it was read: its sender has been told. */
async function inTime(
  { store }: Deps,
  deviceId: string,
  messages: readonly StoredMessage[],
  at: Date,
): Promise<readonly StoredMessage[]> {
  const late = messages.filter(({ expiresAt }) => expiresAt <= at)
  if (late.length === 0) return messages
  const expired = new Set(
    (await store.messages.findOutcomes(late)).flatMap(
      ({ senderDeviceId, messageId, deliveries }) =>
        deliveries.some((one) => one.deviceId === deviceId && one.state === 'EXPIRED')
          ? [`${senderDeviceId}/${messageId}`]
          : [],
    ),
  )
  return messages.filter(
    ({ senderDeviceId, messageId }) => !expired.has(`${senderDeviceId}/${messageId}`),
  )
}

/** For a reader without a subscription here, such as a script over HTTP. */
async function acknowledgeUnseen(
  { store, deliveries }: Deps,
  viewer: DeviceViewer,
  input: { readonly attachmentId: string; readonly upTo: bigint },
): Promise<bigint> {
  const moved = await store.mailboxes.acknowledgeUnseen(
    viewer.deviceId,
    input.attachmentId,
    input.upTo,
  )
  if (moved === null) throw new StaleAttachmentError()
  if (moved.ackedSeq < input.upTo)
    throw new InvalidInputError(
      'upTo',
      '"upTo" lies beyond the newest message. Acknowledge what you have.',
    )
  deliveries.announceDelivered(
    viewer.deviceId,
    moved.delivered.filter(({ expired }) => !expired),
    new Date(deliveries.now()),
  )
  return moved.ackedSeq
}
