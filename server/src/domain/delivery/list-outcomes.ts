import type { MessageOutcome } from '../../store/messages.ts'
import type { Deps } from '../deps.ts'
import type { DeviceViewer } from '../viewer.ts'

/** What became of own messages. What is still open is watched from now on, and its end is pushed. */
export async function listOutcomes(
  { store, deliveries }: Deps,
  viewer: DeviceViewer,
  messageIds: readonly string[],
): Promise<MessageOutcome[]> {
  const outcomes = await store.messages.findOutcomes(
    messageIds.map((messageId) => ({ senderDeviceId: viewer.deviceId, messageId })),
  )
  for (const outcome of outcomes) {
    const open = outcome.deliveries.filter(({ state }) => state === 'STORED')
    deliveries.watch.add(
      viewer.deviceId,
      outcome.messageId,
      open.map(({ deviceId }) => deviceId),
      outcome.expiresAt,
    )
  }
  return outcomes
}
