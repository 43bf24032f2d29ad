import type { ResultOf } from 'gql.tada'
import { fromScalar } from './bytes-scalar.ts'
import type { InboxBatch, InboxEvent } from './chat-api.ts'
import type { inboxSubscription } from './operations/mailbox.ts'

type Batch = ResultOf<typeof inboxSubscription>['inbox']
type Event = Batch['events'][number]

export function inboxBatch({ serverTime, events }: Batch): InboxBatch {
  return { serverTimeMs: Date.parse(serverTime), events: events.flatMap(inboxEvents) }
}

/** None for an event newer than this client: the union may grow, and the rest must still come. */
function inboxEvents(event: Event): readonly InboxEvent[] {
  switch (event.__typename) {
    case 'MessageArrived':
      return [
        {
          kind: 'message-arrived',
          cursor: event.cursor,
          clientMessageId: event.clientMessageId,
          senderDeviceId: event.senderDeviceId,
          envelope: fromScalar(event.envelope),
          wrappedKey: fromScalar(event.wrappedKey),
          acceptedAtMs: Date.parse(event.acceptedAt),
          expiresAtMs: Date.parse(event.expiresAt),
        },
      ]
    case 'DeliveryChanged':
      return [
        {
          kind: 'delivery-changed',
          clientMessageId: event.clientMessageId,
          deviceId: event.deviceId,
          state: event.deliveryState,
        },
      ]
    case 'DevicesChanged':
      return [{ kind: 'devices-changed', username: event.username, version: event.version }]
    case 'GroupChanged':
      return [{ kind: 'group-changed', groupId: event.groupId, version: event.version }]
    case 'ServerDraining':
      return [{ kind: 'server-draining', retryAfterMs: event.retryAfterMs }]
    default:
      return []
  }
}
