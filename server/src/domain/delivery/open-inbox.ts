import { errorFields } from '../../observability/log.ts'
import type { Deps } from '../deps.ts'
import { StaleAttachmentError } from '../errors.ts'
import type { DeviceViewer } from '../viewer.ts'
import type { FeedEnd } from './feed.ts'
import type { InboxBatch } from './inbox-event.ts'

/** Begins to push to an attached device. `onEnd` says why it stopped, so that the transport can tell the client. */
export async function openInbox(
  deps: Deps,
  viewer: DeviceViewer,
  attachmentId: string,
  onEnd: (reason: FeedEnd) => void,
): Promise<AsyncIterableIterator<InboxBatch>> {
  const { store, deliveries, log } = deps
  // Before the first read: a client sends and asks for outcomes in the same breath, and the answer must find it watched.
  deliveries.watch.begin(viewer.deviceId)
  const start = await findStart(deps, viewer, attachmentId).catch((error: unknown) => {
    deliveries.watch.end(viewer.deviceId)
    throw error
  })
  const feed = deliveries.openFeed({
    deviceId: viewer.deviceId,
    clientId: viewer.clientId,
    attachmentId,
    ...start,
    onEnd(reason) {
      deliveries.watch.end(viewer.deviceId)
      onEnd(reason)
      store.mailboxes
        .leave(viewer.deviceId, attachmentId)
        .catch((error: unknown) => log.warn('mailbox-not-left', errorFields(error)))
    },
  })
  return feed.batches
}

async function findStart(
  { store, server }: Deps,
  { deviceId }: DeviceViewer,
  attachmentId: string,
): Promise<{ readonly after: bigint; readonly latest: bigint }> {
  if (!(await store.mailboxes.place(deviceId, attachmentId, server.id)))
    throw new StaleAttachmentError()
  const [state] = await store.mailboxes.listStates([deviceId])
  if (state?.attachmentId !== attachmentId) throw new StaleAttachmentError()
  return { after: state.ackedSeq, latest: state.latestSeq }
}
