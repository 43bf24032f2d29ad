import type { DeliveryState, StoredMessage } from '../../store/messages.ts'

/** What a device is told. Losing one loses nothing: messages are read again by cursor, outcomes can be asked for. */
export type InboxEvent =
  | { readonly kind: 'message'; readonly message: StoredMessage }
  | {
      readonly kind: 'delivery'
      readonly messageId: string
      readonly deviceId: string
      readonly state: DeliveryState
      readonly at: Date
    }
  | { readonly kind: 'devices'; readonly username: string; readonly version: number }
  | { readonly kind: 'group'; readonly groupId: string; readonly version: number }
  | { readonly kind: 'draining'; readonly retryAfterMs: number }

export interface InboxBatch {
  readonly events: readonly InboxEvent[]
  readonly serverTime: Date
}
