import type { AckedMessage } from '../../store/mailboxes.ts'

/** What a note holds. */
const maxTogether = 200

/** For one server, of one sender. */
export interface ToldOutcomes {
  readonly senderServer: number
  readonly senderDeviceId: string
  readonly state: 'DELIVERED' | 'EXPIRED'
  readonly messageIds: string[]
}

/** What one acknowledgement ended, together for each sender: in a stream that is many messages of one. */
export function outcomesOf(messages: readonly AckedMessage[]): ToldOutcomes[] {
  const open = new Map<string, ToldOutcomes>()
  const told: ToldOutcomes[] = []
  for (const { senderDeviceId, senderServer, messageId, expired } of messages) {
    const key = `${senderServer}/${senderDeviceId}/${expired}`
    let together = open.get(key)
    if (together === undefined || together.messageIds.length === maxTogether) {
      const state = expired ? 'EXPIRED' : 'DELIVERED'
      together = { senderServer, senderDeviceId, state, messageIds: [] }
      open.set(key, together)
      told.push(together)
    }
    together.messageIds.push(messageId)
  }
  return told
}
