import type {
  Accepted,
  Delivery,
  InboxBatch,
  InboxEvent,
  MessageArrived,
  Outcome,
  SendMessage,
} from '../api/chat-api.ts'
import { ChatError } from '../errors.ts'
import type { Clock } from '../sync/clock.ts'

interface Stored {
  readonly sequence: number
  readonly arrived: MessageArrived
}

interface Mailbox {
  lastSequence: number
  waiting: Stored[]
  attachmentId: string | undefined
  push: ((batch: InboxBatch) => void) | undefined
  isWithholding: boolean
}

interface Sent {
  readonly senderDevice: string
  readonly accepted: Accepted
  deliveries: Delivery[]
}

/** The message store of the fake service: a mailbox per device, and how each message ended. */
export class FakeMailboxes {
  readonly #clock: Clock
  readonly #ttlMs: number
  readonly #mailboxes = new Map<string, Mailbox>()
  readonly #sent = new Map<string, Sent>()
  readonly #muted = new Set<string>()
  #attachments = 0
  #lastAcceptedMs = 0

  constructor(clock: Clock, ttlMs: number) {
    this.#clock = clock
    this.#ttlMs = ttlMs
  }

  send(senderDevice: string, message: SendMessage): Accepted {
    const { clientMessageId } = message
    const first = this.#sent.get(`${senderDevice} ${clientMessageId}`)
    if (first !== undefined) return { ...first.accepted, deliveries: first.deliveries }
    // A clock that stands still would make the order of messages one of chance.
    const nowMs = Math.max(this.#clock.nowMs(), this.#lastAcceptedMs + 1)
    this.#lastAcceptedMs = nowMs
    const keys = message.to.flatMap((addressee) => addressee.keys)
    const deliveries = keys.map(({ deviceId }): Delivery => ({ deviceId, state: 'STORED' }))
    const times = { acceptedAtMs: nowMs, expiresAtMs: nowMs + this.#ttlMs, serverTimeMs: nowMs }
    const accepted: Accepted = { ...times, deliveries }
    this.#sent.set(`${senderDevice} ${clientMessageId}`, { senderDevice, accepted, deliveries })
    for (const { deviceId, wrappedKey } of keys) {
      this.deliver(deviceId, {
        clientMessageId,
        senderDeviceId: senderDevice,
        envelope: message.envelope,
        wrappedKey,
        acceptedAtMs: times.acceptedAtMs,
        expiresAtMs: times.expiresAtMs,
      })
    }
    return accepted
  }

  /** Also for what no client would send: a test plays a server that lies. */
  deliver(deviceId: string, message: Omit<MessageArrived, 'kind' | 'cursor'>): void {
    const mailbox = this.#mailbox(deviceId)
    if (mailbox.isWithholding) {
      mailbox.isWithholding = false
      return
    }
    mailbox.lastSequence += 1
    const sequence = mailbox.lastSequence
    const arrived: MessageArrived = {
      kind: 'message-arrived',
      cursor: String(sequence),
      ...message,
    }
    mailbox.waiting.push({ sequence, arrived })
    this.#push(deviceId, [arrived])
  }

  /** As after the time for which a server remembers how messages ended. */
  forgetOutcomes(): void {
    this.#sent.clear()
  }

  /** A server that keeps the next message for this device to itself. */
  unsafeWithhold(deviceId: string): void {
    this.#mailbox(deviceId).isWithholding = true
  }

  /** A second attachment ends the first, wherever that is. Returns its id and what was missed. */
  attach(deviceId: string, after: string | undefined): { id: string; expired: number } {
    const mailbox = this.#mailbox(deviceId)
    if (after !== undefined) this.#drop(deviceId, after)
    const expired = this.#expire(deviceId)
    this.#attachments += 1
    mailbox.attachmentId = `attachment-${this.#attachments}`
    mailbox.push = undefined
    return { id: mailbox.attachmentId, expired }
  }

  watch(deviceId: string, attachmentId: string, push: (batch: InboxBatch) => void): void {
    const mailbox = this.#mailbox(deviceId)
    if (mailbox.attachmentId !== attachmentId) return
    mailbox.push = push
    if (mailbox.waiting.length > 0) {
      this.#push(
        deviceId,
        mailbox.waiting.map(({ arrived }) => arrived),
      )
    }
  }

  detach(deviceId: string, attachmentId: string): void {
    const mailbox = this.#mailbox(deviceId)
    if (mailbox.attachmentId !== attachmentId) return
    mailbox.attachmentId = undefined
    mailbox.push = undefined
  }

  isAttached(deviceId: string): boolean {
    return this.#mailbox(deviceId).attachmentId !== undefined
  }

  acknowledge(deviceId: string, attachmentId: string, upTo: string): void {
    if (this.#mailbox(deviceId).attachmentId !== attachmentId) {
      throw new ChatError('STALE_ATTACHMENT', 'Attach again to go on.')
    }
    this.#expire(deviceId)
    this.#drop(deviceId, upTo)
  }

  outcomes(senderDevice: string, clientMessageIds: readonly string[]): readonly Outcome[] {
    for (const deviceId of this.#mailboxes.keys()) this.#expire(deviceId)
    return clientMessageIds.flatMap((clientMessageId) => {
      const sent = this.#sent.get(`${senderDevice} ${clientMessageId}`)
      if (sent === undefined) return []
      const { expiresAtMs } = sent.accepted
      return [{ clientMessageId, expiresAtMs, deliveries: sent.deliveries }]
    })
  }

  /** A server that no longer tells this device what has changed. Messages still come. */
  unsafeMute(deviceId: string): void {
    this.#muted.add(deviceId)
  }

  unsafeUnmute(deviceId: string): void {
    this.#muted.delete(deviceId)
  }

  /** Sends an event of its own to whoever is attached. */
  tell(deviceId: string, event: InboxEvent): void {
    if (this.#muted.has(deviceId)) return
    this.#push(deviceId, [event])
  }

  waitingFor(deviceId: string): number {
    this.#expire(deviceId)
    return this.#mailbox(deviceId).waiting.length
  }

  #drop(deviceId: string, upTo: string): void {
    const mailbox = this.#mailbox(deviceId)
    const acknowledged = mailbox.waiting.filter(({ sequence }) => sequence <= Number(upTo))
    mailbox.waiting = mailbox.waiting.filter(({ sequence }) => sequence > Number(upTo))
    for (const { arrived } of acknowledged) this.#ended(arrived, deviceId, 'DELIVERED')
  }

  #expire(deviceId: string): number {
    const mailbox = this.#mailbox(deviceId)
    const nowMs = this.#clock.nowMs()
    const expired = mailbox.waiting.filter(({ arrived }) => arrived.expiresAtMs <= nowMs)
    mailbox.waiting = mailbox.waiting.filter(({ arrived }) => arrived.expiresAtMs > nowMs)
    for (const { arrived } of expired) this.#ended(arrived, deviceId, 'EXPIRED')
    return expired.length
  }

  #ended(arrived: MessageArrived, deviceId: string, state: 'DELIVERED' | 'EXPIRED'): void {
    const { clientMessageId, senderDeviceId } = arrived
    const sent = this.#sent.get(`${senderDeviceId} ${clientMessageId}`)
    if (sent === undefined) return
    sent.deliveries = sent.deliveries.map((delivery) =>
      delivery.deviceId === deviceId ? { deviceId, state } : delivery,
    )
    this.tell(senderDeviceId, { kind: 'delivery-changed', clientMessageId, deviceId, state })
  }

  #push(deviceId: string, events: readonly InboxEvent[]): void {
    this.#mailbox(deviceId).push?.({ serverTimeMs: this.#clock.nowMs(), events })
  }

  #mailbox(deviceId: string): Mailbox {
    const known = this.#mailboxes.get(deviceId)
    if (known !== undefined) return known
    const mailbox = {
      lastSequence: 0,
      waiting: [],
      attachmentId: undefined,
      push: undefined,
      isWithholding: false,
    }
    this.#mailboxes.set(deviceId, mailbox)
    return mailbox
  }
}
