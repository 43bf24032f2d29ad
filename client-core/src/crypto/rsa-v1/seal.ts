import type { Bytes, Sealed } from '../../brands.ts'
import { encryptAes, importAesKey } from '../aead.ts'
import { randomBytes } from '../bytes.ts'
import { signInContext } from '../context-signature.ts'
import type { Device, DeviceList } from '../device-list.ts'
import { sha256 } from '../hash.ts'
import type { SealedMessage, SealRequest } from '../message-protocol.ts'
import { encryptRsa } from '../rsa-oaep.ts'
import { encodeEnvelope, signedParts } from './envelope.ts'
import { encodeHeader } from './header.ts'
import { commitToKey, messageKeyLength, wrapLabel } from './message-key.ts'
import { pad } from './padding.ts'

interface Reader {
  readonly list: DeviceList
  readonly devices: readonly Device[]
}

/** Throws on a request no receiver would accept, such as one without a recipient device. */
export async function sealRsaV1(request: SealRequest): Promise<SealedMessage> {
  const readers = readersOf(request)
  const messageKey = randomBytes(messageKeyLength)
  const header = encodeHeader({
    conversation: request.conversation,
    ...(request.roster !== undefined && { roster: request.roster }),
    messageId: request.messageId,
    senderUser: request.sender.user,
    senderDevice: request.sender.deviceId,
    recipients: readers.map(({ list, devices }) => ({
      user: list.username,
      deviceListVersion: list.version,
      devices: devices.map((device) => device.id),
    })),
    sentAt: request.sentAt,
    ttlMs: request.ttlMs,
    kind: request.kind,
    prevHash: request.prevHash,
    keyCommit: await commitToKey(messageKey),
  })
  const headerHash = await sha256(header)
  const body = await encryptBody(messageKey, request.content, headerHash)
  const devices = readers.flatMap((reader) => reader.devices)
  const wraps = await Promise.all(devices.map((device) => wrapFor(device, header, messageKey)))
  messageKey.fill(0)
  const wrapHashes = await Promise.all(wraps.map(({ wrap }) => sha256(wrap)))
  const parts = await signedParts(headerHash, { ...body, wrapHashes })
  const signature = await signInContext(
    'message',
    request.sender.keys.privateKeys.signing,
    ...parts,
  )
  return { envelope: encodeEnvelope({ header, ...body, wrapHashes, signature }), wraps, headerHash }
}

/** All devices that shall read it: the sending one has the text already. */
function readersOf({ sender, recipients }: SealRequest): readonly Reader[] {
  return recipients
    .map((list) => {
      const isSendersList = list.username === sender.user
      const devices = list.devices.filter(({ id }) => !isSendersList || id !== sender.deviceId)
      return { list, devices }
    })
    .filter(({ devices }) => devices.length > 0)
    .sort((one, other) => (one.list.username < other.list.username ? -1 : 1))
}

async function encryptBody(messageKey: Bytes, content: Bytes, headerHash: Bytes) {
  const padded = pad(content)
  const key = await importAesKey(messageKey, 'encrypt')
  const body = await encryptAes(key, padded, headerHash)
  padded.fill(0)
  return body
}

async function wrapFor(device: Device, header: Bytes, messageKey: Bytes) {
  const label = await wrapLabel(header, device.id)
  const wrap = await encryptRsa(device.encryptionKey, messageKey, label)
  return { deviceId: device.id, wrap: wrap as Sealed }
}
