import type { Delivery, DeliveryState } from '../api/chat-api.ts'
import type { MemberDelivery } from './deliveries.ts'
import type { SealedAttempt } from './records.ts'

/** From the best for a person to the worst. */
const ranking: readonly DeliveryState[] = ['DELIVERED', 'STORED', 'EXPIRED', 'MAILBOX_FULL']

/** How far a message came to each person it was sealed for: as far as to the best of their devices. */
export function memberDeliveries(
  { to }: Pick<SealedAttempt, 'to'>,
  deliveries: readonly Delivery[],
  me: string,
): readonly MemberDelivery[] {
  return to
    .filter(({ username }) => username !== me)
    .map(({ username, keys }) => {
      const states = deviceDeliveries(keys, deliveries).map(({ state }) => state)
      return { username, state: ranking.find((state) => states.includes(state)) ?? 'STORED' }
    })
}

/** A device of which nothing was said has it waiting: it was sealed for, and it was accepted. */
export function deviceDeliveries(
  keys: readonly { readonly deviceId: string }[],
  deliveries: readonly Delivery[],
): readonly Delivery[] {
  return keys.map(({ deviceId }) => {
    const told = deliveries.find((delivery) => delivery.deviceId === deviceId)
    return told ?? { deviceId, state: 'STORED' }
  })
}
