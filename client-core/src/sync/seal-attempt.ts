import type { Addressee } from '../api/chat-api.ts'
import type { Bytes, Plaintext, Username } from '../brands.ts'
import type { DeviceKeys } from '../crypto/device-keys.ts'
import type { DeviceList } from '../crypto/device-list.ts'
import type { MessageProtocol, SealedMessage } from '../crypto/message-protocol.ts'
import type { OutboxRecord, SealedAttempt } from './records.ts'
import type { Recipients } from './send-step.ts'

/** This client as a party of every message. */
export interface Me {
  readonly user: Username
  readonly deviceId: string
  readonly keys: DeviceKeys
}

export interface SealAttemptInput {
  readonly record: OutboxRecord
  readonly me: Me
  readonly recipients: Recipients
  readonly prevHash: Bytes
  readonly ttlMs: number
}

/** Seals a message for the devices of these lists and sorts the keys by account, as they travel. */
export async function sealAttempt(
  protocol: MessageProtocol,
  { record, me, recipients, prevHash, ttlMs }: SealAttemptInput,
): Promise<SealedAttempt> {
  const { lists, roster } = recipients
  const sealed = await protocol.seal({
    content: record.content as Plaintext,
    conversation: record.conversation,
    messageId: record.messageId,
    kind: record.kind,
    sentAt: record.createdAtMs,
    ttlMs,
    prevHash,
    sender: me,
    recipients: lists,
    ...(roster !== undefined && { roster }),
  })
  const to = lists.map((list) => addressee(list, sealed)).filter(({ keys }) => keys.length > 0)
  const { envelope, headerHash } = sealed
  return {
    envelope,
    headerHash,
    to,
    ...(roster !== undefined && { rosterVersion: roster.version }),
  }
}

function addressee({ username, version, devices }: DeviceList, sealed: SealedMessage): Addressee {
  const ids = new Set(devices.map((device) => device.id))
  const keys = sealed.wraps
    .filter(({ deviceId }) => ids.has(deviceId))
    .map(({ deviceId, wrap }) => ({ deviceId, wrappedKey: wrap }))
  return { username, deviceListVersion: version, keys }
}
