import type { Deps } from '../deps.ts'
import { StaleAttachmentError } from '../errors.ts'
import { limits } from '../limits.ts'
import type { DeviceViewer } from '../viewer.ts'
import type { InboxBatch } from './inbox-event.ts'

/** The subscription's twin: the same messages, asked for instead of pushed. */
export async function readInbox(
  deps: Deps,
  viewer: DeviceViewer,
  input: {
    readonly attachmentId: string
    readonly after: bigint | null
    readonly first: number | null
  },
): Promise<InboxBatch> {
  const { store, deliveries } = deps
  const [state] = await store.mailboxes.listStates([viewer.deviceId])
  if (state?.attachmentId !== input.attachmentId) throw new StaleAttachmentError()
  const after = input.after ?? state.ackedSeq
  const max = Math.min(input.first ?? limits.unackedWindow, limits.pageSize)
  const messages = await store.messages.read([{ deviceId: viewer.deviceId, after, max }])
  const now = deliveries.now()
  return {
    events: messages
      .filter((message) => message.expiresAt.getTime() > now)
      .map((message) => ({ kind: 'message', message })),
    serverTime: new Date(now),
  }
}
