import type { Bytes, Sealed } from '../../brands.ts'
import { decryptAes, encryptAes, importAesKey } from '../../crypto/aead.ts'
import { noBytes } from '../../crypto/bytes.ts'
import { signInContext, verifyInContext } from '../../crypto/context-signature.ts'
import { groupOf } from '../../crypto/conversation.ts'
import { sha256 } from '../../crypto/hash.ts'
import type { OpenRequest } from '../../crypto/message-protocol.ts'
import { decryptRsa, encryptRsa } from '../../crypto/rsa-oaep.ts'
import { encodeEnvelope, parseEnvelope, signedParts } from '../../crypto/rsa-v1/envelope.ts'
import { encodeHeader, parseHeader } from '../../crypto/rsa-v1/header.ts'
import { commitToKey, wrapLabel } from '../../crypto/rsa-v1/message-key.ts'
import { pad, unpad } from '../../crypto/rsa-v1/padding.ts'
import type { Person, TestDevice } from './people.ts'

export interface Forgery {
  /** Who the header says has sent it, and on which device. */
  readonly claimed: Person
  readonly conversation: string
  readonly messageKey: Bytes
  readonly content: Bytes
  readonly readers: readonly Person[]
  /** Signs the message; a person's own device unless something is wrong somewhere. */
  readonly sign: (parts: readonly Bytes[]) => Promise<Bytes>
  /** What to put in the place of an honest wrap. */
  readonly wrap?: (device: TestDevice, header: Bytes) => Promise<Bytes>
  /** What to put in the place of an honest body. */
  readonly encryptBody?: (headerHash: Bytes) => Promise<{ iv: Bytes; ciphertext: Bytes }>
}

/** Builds a well-formed message as an attacker with own code would, each step exchangeable. */
export async function forge(forgery: Forgery) {
  const { claimed, conversation, messageKey, readers } = forgery
  const devices = readers.map((reader) => reader.devices[0])
  const header = encodeHeader({
    conversation,
    ...(groupOf(conversation) !== undefined && {
      roster: { version: 1, hash: new Uint8Array(32) },
    }),
    messageId: '019d0000-0000-7000-8000-000000000001',
    senderUser: claimed.username,
    senderDevice: claimed.devices[0].id,
    recipients: readers.map(({ username, devices: [device] }) => {
      return { user: username, deviceListVersion: 1, devices: [device.id] }
    }),
    sentAt: 0,
    ttlMs: 120_000,
    kind: 'text',
    prevHash: noBytes,
    keyCommit: await commitToKey(messageKey),
  })
  const headerHash = await sha256(header)
  const encryptBody = forgery.encryptBody ?? ((hash) => honestBody(forgery, hash))
  const body = await encryptBody(headerHash)
  const wrap = forgery.wrap ?? ((device) => wrapKey(device, header, messageKey))
  const wraps = await Promise.all(
    devices.map(async (device) => ({
      deviceId: device.id,
      wrap: (await wrap(device, header)) as Sealed,
    })),
  )
  const wrapHashes = await Promise.all(wraps.map((each) => sha256(each.wrap)))
  const signature = await forgery.sign(await signedParts(headerHash, { ...body, wrapHashes }))
  return { envelope: encodeEnvelope({ header, ...body, wrapHashes, signature }), wraps }
}

export function signAs({ keys }: TestDevice): Forgery['sign'] {
  return (parts) => signInContext('message', keys.privateKeys.signing, ...parts)
}

export async function wrapKey(device: TestDevice, header: Bytes, messageKey: Bytes) {
  return encryptRsa(device.encryptionKey, messageKey, await wrapLabel(header, device.id))
}

export async function unwrapKey(device: TestDevice, header: Bytes, wrap: Bytes) {
  return decryptRsa(device.keys.privateKeys.decryption, wrap, await wrapLabel(header, device.id))
}

async function honestBody({ messageKey, content }: Forgery, headerHash: Bytes) {
  return encryptAes(await importAesKey(messageKey, 'encrypt'), pad(content), headerHash)
}

/**
 * `open` as a careless programmer writes it: the signature over the body is checked, but neither
 * that the reader is among the signed recipients, nor the wraps, nor the key commitment. It is the
 * twin against which the attacks are shown to be real.
 */
export async function carelessOpen({ envelope, wrap, me, lookUpSender }: OpenRequest) {
  const parsed = parseEnvelope(envelope)
  const header = parseHeader(parsed.header)
  const list = await lookUpSender(header.senderUser, header.senderDevice)
  const sender = list?.devices.find((device) => device.id === header.senderDevice)
  const headerHash = await sha256(parsed.header)
  const parts = await signedParts(headerHash, parsed)
  const { signature } = parsed
  if (!sender || !(await verifyInContext('message', sender.signingKey, signature, ...parts))) {
    throw new Error('not signed')
  }
  const label = await wrapLabel(parsed.header, me.deviceId)
  const messageKey = await decryptRsa(me.keys.privateKeys.decryption, wrap, label)
  const key = await importAesKey(messageKey, 'decrypt')
  return unpad(await decryptAes(key, parsed, headerHash))
}
