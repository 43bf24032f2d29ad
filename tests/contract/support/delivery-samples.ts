import type { InboxEvent } from '../../../server/src/domain/delivery/inbox-event.ts'
import type { Viewer } from '../../../server/src/domain/viewer.ts'

const uuid = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`
export const [alicesDevice, bobsDevice, messageId, attachmentId] = [
  uuid('a'),
  uuid('b'),
  uuid('c'),
  uuid('d'),
]
export const alice: Viewer = {
  sessionId: uuid('e'),
  clientId: uuid('f'),
  username: 'alice',
  deviceId: alicesDevice,
}
export const at = new Date('2026-11-22T10:00:00.123Z')

const message = (seq: bigint, envelope: Uint8Array) =>
  ({
    kind: 'message',
    message: {
      ...{ seq, envelope, messageId, acceptedAt: at, expiresAt: at, size: 9, senderServer: 2 },
      ...{ deviceId: alicesDevice, senderDeviceId: bobsDevice },
      wrappedKey: Buffer.from([0, 255, 62, 63]),
    },
  }) as const

export const events: readonly InboxEvent[] = [
  message(1n, Buffer.from('sealed')),
  // A view into something larger, as bytes from a socket are.
  message(2n ** 53n + 1n, Buffer.from('not this: sealed').subarray(10)),
  { kind: 'delivery', messageId, deviceId: bobsDevice, state: 'DELIVERED', at },
  { kind: 'delivery', messageId, deviceId: bobsDevice, state: 'EXPIRED', at },
  { kind: 'devices', username: 'alice', version: 3 },
  { kind: 'group', groupId: attachmentId, version: 4 },
  { kind: 'draining', retryAfterMs: 500 },
]
