import type { Delivery, DeliveryState } from '../api/chat-api.ts'
import type { ChatErrorCode } from '../errors.ts'

/** How far a message that this device sends has come. */
export type SendState =
  /** Kept on this device and waiting for a server. */
  | { readonly kind: 'queued' }
  /** Its file is on the way: `done` of `of` bytes are there. */
  | { readonly kind: 'uploading'; readonly done: number; readonly of: number }
  | { readonly kind: 'encrypting' }
  /** On its way. If the answer was lost, the same bytes are sent again. */
  | { readonly kind: 'sending' }
  /** Waiting until the person decides, see `acceptKey`. */
  | { readonly kind: 'held'; readonly reason: 'KEY_CHANGED' }
  /** A server has it on disk until `expiresAtMs` (server clock); `delivered` of `of` devices have it. */
  | {
      readonly kind: 'stored'
      readonly expiresAtMs: number
      readonly delivered: number
      readonly of: number
    }
  /** Every device of the recipient has decrypted or at least stored it. */
  | { readonly kind: 'delivered' }
  | { readonly kind: 'partly-delivered'; readonly delivered: number; readonly of: number }
  /** Nobody fetched it in time. It is gone from the servers; `sendAgain` makes a new message. */
  | { readonly kind: 'expired' }
  /** Refused for good. Nothing was stored; `sendAgain` tries anew. */
  | { readonly kind: 'failed'; readonly reason: ChatErrorCode }
  /** Accepted, but this device was away so long that no server knows the outcome any more. */
  | { readonly kind: 'outcome-unknown' }

const finalKinds = ['delivered', 'partly-delivered', 'expired', 'failed', 'outcome-unknown']

export function isFinal(state: SendState): boolean {
  return finalKinds.includes(state.kind)
}

/**
 * The state of an accepted message, from what is known of each device of its recipient; in a group,
 * of each member, who has it when one of its devices does.
 */
export function stateOfDeliveries(
  deliveries: readonly { readonly state: DeliveryState }[],
  expiresAtMs: number,
): SendState {
  const count = (state: DeliveryState) =>
    deliveries.filter((delivery) => delivery.state === state).length
  const of = deliveries.length
  const delivered = count('DELIVERED')
  if (count('STORED') > 0) return { kind: 'stored', expiresAtMs, delivered, of }
  if (delivered === of) return { kind: 'delivered' }
  if (delivered > 0) return { kind: 'partly-delivered', delivered, of }
  return count('EXPIRED') > 0 ? { kind: 'expired' } : { kind: 'failed', reason: 'MAILBOX_FULL' }
}

/** News may overtake each other: what is final for a device never goes back to `STORED`. */
export function mergeDeliveries(
  known: readonly Delivery[],
  news: readonly Delivery[],
): readonly Delivery[] {
  const merged = new Map(known.map((delivery) => [delivery.deviceId, delivery]))
  for (const delivery of news) {
    const before = merged.get(delivery.deviceId)?.state ?? 'STORED'
    if (before === 'STORED') merged.set(delivery.deviceId, delivery)
  }
  return [...merged.values()]
}
