import type { DeliveryState } from '../api/chat-api.ts'
import { notSent } from './sending.ts'
import type { Session } from './session.ts'

/** How far a message has come for one person, whatever the number of devices. */
export interface MemberDelivery {
  readonly username: string
  readonly state: DeliveryState
}

export async function deliveries(
  { timeline }: Session,
  id: string,
): Promise<readonly MemberDelivery[]> {
  if ((await timeline.own(id)) === undefined) throw notSent()
  return timeline.deliveries(id)
}
