import type { MessageReference, MessageStore } from '../../store/messages.ts'

/**
 * Remembers what devices on this server sent and have not heard the end of. The note that tells of a delivery may be
 * lost, so what is still open is asked of the database every two seconds: a sender learns within five, note or no note.
 */
export interface OutcomeWatch {
  /** A feed of this device opens here: what it sends or asks about from now on is watched. */
  begin(senderDeviceId: string): void
  /** A feed of it has ended, or did not open. With the last one, what was watched is forgotten. */
  end(senderDeviceId: string): void
  /** Does nothing for a device that has no feed here: there is nobody to tell. */
  add(
    senderDeviceId: string,
    messageId: string,
    deviceIds: readonly string[],
    expiresAt: Date,
  ): void
  /** True when the sender had not been told of this delivery before. */
  settle(senderDeviceId: string, messageId: string, deviceId: string): boolean
  /** Asks the database about everything that has been open for a second. */
  check(): Promise<void>
}

interface OpenMessage {
  readonly since: number
  readonly expiresAt: number
  readonly deviceIds: Set<string>
}

/** By then the sweeper has spoken, or the service is down and the sender asks again when it is back. */
const giveUpAfterMs = 60_000

export function createOutcomeWatch(options: {
  readonly messages: Pick<MessageStore, 'findOutcomes'>
  now(): number
  tell(
    senderDeviceId: string,
    messageId: string,
    deviceId: string,
    state: 'DELIVERED' | 'EXPIRED',
  ): void
}): OutcomeWatch {
  const feeds = new Map<string, number>()
  const open = new Map<string, Map<string, OpenMessage>>()

  function settle(senderDeviceId: string, messageId: string, deviceId: string): boolean {
    const sent = open.get(senderDeviceId)
    const message = sent?.get(messageId)
    if (sent === undefined || message?.deviceIds.delete(deviceId) !== true) return false
    if (message.deviceIds.size === 0) sent.delete(messageId)
    if (sent.size === 0) open.delete(senderDeviceId)
    return true
  }

  function takeDue() {
    const now = options.now()
    const due: MessageReference[] = []
    for (const [senderDeviceId, sent] of open)
      for (const [messageId, message] of sent)
        if (message.expiresAt + giveUpAfterMs < now) sent.delete(messageId)
        else if (message.since + 1000 < now) due.push({ senderDeviceId, messageId })
    return due
  }

  return {
    begin(senderDeviceId) {
      feeds.set(senderDeviceId, (feeds.get(senderDeviceId) ?? 0) + 1)
    },
    end(senderDeviceId) {
      const left = (feeds.get(senderDeviceId) ?? 0) - 1
      if (left > 0) {
        feeds.set(senderDeviceId, left)
        return
      }
      feeds.delete(senderDeviceId)
      open.delete(senderDeviceId)
    },
    add(senderDeviceId, messageId, deviceIds, expiresAt) {
      if (deviceIds.length === 0 || !feeds.has(senderDeviceId)) return
      const sent = open.get(senderDeviceId) ?? new Map<string, OpenMessage>()
      open.set(senderDeviceId, sent)
      sent.set(messageId, {
        since: options.now(),
        expiresAt: expiresAt.getTime(),
        deviceIds: new Set(deviceIds),
      })
    },
    settle,
    async check() {
      const due = takeDue()
      if (due.length === 0) return
      for (const { senderDeviceId, messageId, deliveries } of await options.messages.findOutcomes(
        due,
      ))
        for (const { deviceId, state } of deliveries)
          if (state === 'DELIVERED' || state === 'EXPIRED')
            options.tell(senderDeviceId, messageId, deviceId, state)
    },
  }
}
