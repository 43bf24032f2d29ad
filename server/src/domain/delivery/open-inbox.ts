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
  const { store, deliveries, server, log } = deps
  if (!(await store.mailboxes.place(viewer.deviceId, attachmentId, server.id)))
    throw new StaleAttachmentError()
  const [state] = await store.mailboxes.listStates([viewer.deviceId])
  if (state?.attachmentId !== attachmentId) throw new StaleAttachmentError()
  const feed = deliveries.openFeed({
    deviceId: viewer.deviceId,
    clientId: viewer.clientId,
    attachmentId,
    after: state.ackedSeq,
    onEnd(reason) {
      onEnd(reason)
      store.mailboxes
        .leave(viewer.deviceId, attachmentId)
        .catch((error: unknown) => log.warn('mailbox-not-left', errorFields(error)))
    },
  })
  return feed.batches
}
