import type { Bytes, Plaintext } from '../../brands.ts'
import { decryptAes, importAesKey } from '../aead.ts'
import { equalBytes } from '../bytes.ts'
import { verifyInContext } from '../context-signature.ts'
import type { DeviceList } from '../device-list.ts'
import { sha256 } from '../hash.ts'
import {
  type MessageHeader,
  type OpenedMessage,
  type OpenRequest,
  UndecryptableError,
} from '../message-protocol.ts'
import { decryptRsa, rsaCiphertextLength } from '../rsa-oaep.ts'
import { type Envelope, parseEnvelope, signedParts } from './envelope.ts'
import { parseHeader, recipientDevices } from './header.ts'
import { commitToKey, messageKeyLength, wrapLabel } from './message-key.ts'
import { unpad } from './padding.ts'

interface Claim {
  readonly envelope: Envelope
  readonly header: MessageHeader
}

/**
 * The order is part of the protocol: parse, header, sender's device, signature, unwrap, commitment,
 * AEAD, padding. Nothing secret is touched before the signature holds, and no part of a text is
 * released before everything does.
 */
export async function openRsaV1(request: OpenRequest): Promise<OpenedMessage> {
  const claim = await orUndecryptable(async () => readClaim(request))
  const { senderUser, senderDevice } = claim.header
  const senderList = await request.lookUpSender(senderUser, senderDevice)
  return orUndecryptable(() => openClaim(claim, senderList, request))
}

function readClaim(request: OpenRequest): Claim {
  const envelope = parseEnvelope(request.envelope)
  const header = parseHeader(envelope.header)
  if (request.conversation !== undefined) must(header.conversation === request.conversation)
  const mine = header.recipients.find((recipient) => recipient.user === request.me.user)
  must(mine?.devices.includes(request.me.deviceId) === true)
  must(envelope.wrapHashes.length === recipientDevices(header).length)
  return { envelope, header }
}

async function openClaim(
  { envelope, header }: Claim,
  senderList: DeviceList | undefined,
  request: OpenRequest,
): Promise<OpenedMessage> {
  const { senderUser, senderDevice } = header
  must(senderList?.username === senderUser)
  const sender = senderList.devices.find((device) => device.id === senderDevice)
  must(sender !== undefined)

  const headerHash = await sha256(envelope.header)
  const parts = await signedParts(headerHash, envelope)
  must(await verifyInContext('message', sender.signingKey, envelope.signature, ...parts))

  const messageKey = await unwrap(envelope, header, request)
  try {
    must(equalBytes(await commitToKey(messageKey), header.keyCommit))
    const key = await importAesKey(messageKey, 'decrypt')
    const content = unpad(await decryptAes(key, envelope, headerHash)) as Plaintext
    return { header, content, senderUser, senderDevice, headerHash }
  } finally {
    messageKey.fill(0)
  }
}

async function unwrap(
  envelope: Envelope,
  header: MessageHeader,
  { me, wrap }: OpenRequest,
): Promise<Bytes> {
  const signedHash = envelope.wrapHashes[recipientDevices(header).indexOf(me.deviceId)]
  must(wrap.length === rsaCiphertextLength && signedHash !== undefined)
  must(equalBytes(await sha256(wrap), signedHash))
  const label = await wrapLabel(envelope.header, me.deviceId)
  const messageKey = await decryptRsa(me.keys.privateKeys.decryption, wrap, label)
  must(messageKey.length === messageKeyLength)
  return messageKey
}

function must(holds: boolean): asserts holds {
  if (!holds) throw new UndecryptableError()
}

/** Whatever went wrong in `step`, the outside learns only that something did (T14, T17). */
async function orUndecryptable<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch {
    throw new UndecryptableError()
  }
}
